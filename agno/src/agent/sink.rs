//! Receivers of a run's events: `run` discards events, and `stream` passes them to the reader of the stream.

use std::convert::Infallible;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::handoff::{Handoff, IdleTimer, Ticket};
use crate::run::Envelope;

/// An event and its run. The stream itself creates the last event, which has the output, so no other code depends on the
/// type of the output.
pub(crate) type Item = Envelope<Infallible>;

/// Receives events by shared reference, because the runs of several agents can emit events at the same time.
pub trait Events: Send + Sync {
    /// Passes an event to the receiver.
    fn store(&self, item: Item) -> Ticket;

    /// Waits until the receiver takes an event.
    fn poll_taken(&self, ticket: Ticket, context: &mut Context<'_>) -> Poll<()>;

    /// Starts a timer, which is in use until it is dropped. Idle time is measured only while a timer is in use.
    fn timer(&self) -> Option<IdleTimer<'_>>;

    /// Returns the total time during which the receiver did not poll the run. It does not count toward timeouts.
    fn idle(&self) -> Duration;
}

/// A receiver of events whose type is known.
pub trait EventSink: Events {
    /// `true` if events are consumed. When `false`, the driver skips building events and does not stream.
    const ENABLED: bool;

    /// Returns the receiver for runs of erased agents, unless it discards all events.
    fn erased(&self) -> Option<&dyn Events>;
}

/// Discards all events.
pub(super) struct NoEvents;

impl Events for NoEvents {
    fn store(&self, _item: Item) -> Ticket {
        Ticket::TAKEN
    }

    fn poll_taken(&self, _ticket: Ticket, _context: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    fn timer(&self) -> Option<IdleTimer<'_>> {
        None
    }

    fn idle(&self) -> Duration {
        Duration::ZERO
    }
}

impl EventSink for NoEvents {
    const ENABLED: bool = false;

    fn erased(&self) -> Option<&dyn Events> {
        None
    }
}

impl Events for Handoff<Item> {
    #[inline]
    fn store(&self, item: Item) -> Ticket {
        self.store(item)
    }

    #[inline]
    fn poll_taken(&self, ticket: Ticket, context: &mut Context<'_>) -> Poll<()> {
        self.poll_taken(ticket, context)
    }

    fn timer(&self) -> Option<IdleTimer<'_>> {
        Some(self.timer())
    }

    fn idle(&self) -> Duration {
        self.idle()
    }
}

impl EventSink for Handoff<Item> {
    const ENABLED: bool = true;

    fn erased(&self) -> Option<&dyn Events> {
        Some(self)
    }
}

/// The receiver of an erased agent's events within the run of another agent.
pub(super) struct ErasedSink<'a>(pub(super) &'a dyn Events);

impl Events for ErasedSink<'_> {
    fn store(&self, item: Item) -> Ticket {
        self.0.store(item)
    }

    fn poll_taken(&self, ticket: Ticket, context: &mut Context<'_>) -> Poll<()> {
        self.0.poll_taken(ticket, context)
    }

    fn timer(&self) -> Option<IdleTimer<'_>> {
        self.0.timer()
    }

    fn idle(&self) -> Duration {
        self.0.idle()
    }
}

impl EventSink for ErasedSink<'_> {
    const ENABLED: bool = true;

    fn erased(&self) -> Option<&dyn Events> {
        Some(self.0)
    }
}
