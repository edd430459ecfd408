//! Receivers of a run's events: `run` discards events, and `stream` passes them to the reader of the stream.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::Either;

use super::environment::Environment;
use crate::handoff::{Handoff, IdleTimer, Ticket};
use crate::model::{Delta, Model, ModelError, Reply, ReplyBuilder, Request};
use crate::run::{Envelope, Event};

/// An event and its run. The stream itself creates the last event, which has the output, so no other code depends on the
/// type of the output.
pub(crate) type Item = Envelope<Infallible>;

/// Receives events by shared reference, because the runs of several agents can emit events at the same time.
pub trait EventSink: Send + Sync {
    /// Returns `true` if events are consumed. Otherwise, the driver skips building events and does not stream. The result
    /// is a constant unless the agent is erased.
    fn is_enabled(&self) -> bool;

    /// Passes an event to the receiver.
    fn store(&self, item: Item) -> Ticket;

    /// Waits until the receiver takes an event.
    fn poll_taken(&self, ticket: Ticket, context: &mut Context<'_>) -> Poll<()>;

    /// Starts a timer, which is in use until it is dropped. Idle time is measured only while a timer is in use.
    fn timer(&self) -> Option<IdleTimer<'_>>;

    /// Returns the total time during which the receiver did not poll the run. It does not count toward timeouts.
    fn idle(&self) -> Duration;

    /// Returns the receiver for runs of erased agents.
    fn erased(&self) -> ErasedSink<'_>;

    /// Sends a request and returns the reply. If events are consumed, the reply is streamed, its chunks are emitted, and the
    /// part of it that has arrived is in `partial`.
    ///
    /// A method of the receiver, so that a run without events reserves no memory for a stream.
    fn request<'r, M: Model>(
        environment: &'r Environment<'_, Self>,
        model: &'r M,
        request: Request<'r>,
        turn: u32,
        partial: &'r mut Option<Box<ReplyBuilder>>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'r
    where
        Self: Sized,
    {
        stream_reply(environment, model, request, turn, partial)
    }
}

/// Discards all events.
pub(super) struct NoEvents;

impl EventSink for NoEvents {
    #[inline]
    fn is_enabled(&self) -> bool {
        false
    }

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

    fn erased(&self) -> ErasedSink<'_> {
        ErasedSink(None)
    }

    #[inline]
    fn request<'r, M: Model>(
        _environment: &'r Environment<'_, Self>,
        model: &'r M,
        request: Request<'r>,
        _turn: u32,
        _partial: &'r mut Option<Box<ReplyBuilder>>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'r {
        model.complete(request)
    }
}

impl EventSink for Handoff<Item> {
    #[inline]
    fn is_enabled(&self) -> bool {
        true
    }

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

    fn erased(&self) -> ErasedSink<'_> {
        ErasedSink(Some(self))
    }
}

/// The receiver of an erased agent's events, if they are consumed. All runs of erased agents use this type, so that the
/// compiler generates the code of a run only once per type of model.
#[derive(Clone, Copy)]
#[expect(
    missing_debug_implementations,
    reason = "the type is not nameable outside the crate"
)]
pub struct ErasedSink<'a>(pub(super) Option<&'a Handoff<Item>>);

impl EventSink for ErasedSink<'_> {
    #[inline]
    fn is_enabled(&self) -> bool {
        self.0.is_some()
    }

    #[inline]
    fn store(&self, item: Item) -> Ticket {
        match self.0 {
            Some(events) => events.store(item),
            None => Ticket::TAKEN,
        }
    }

    #[inline]
    fn poll_taken(&self, ticket: Ticket, context: &mut Context<'_>) -> Poll<()> {
        match self.0 {
            Some(events) => events.poll_taken(ticket, context),
            None => Poll::Ready(()),
        }
    }

    fn timer(&self) -> Option<IdleTimer<'_>> {
        self.0.map(Handoff::timer)
    }

    fn idle(&self) -> Duration {
        self.0.map(Handoff::idle).unwrap_or_default()
    }

    fn erased(&self) -> ErasedSink<'_> {
        *self
    }

    #[inline]
    fn request<'r, M: Model>(
        environment: &'r Environment<'_, Self>,
        model: &'r M,
        request: Request<'r>,
        turn: u32,
        partial: &'r mut Option<Box<ReplyBuilder>>,
    ) -> impl Future<Output = Result<Reply, ModelError>> + Send + 'r {
        if environment.sink.is_enabled() {
            // Boxed, so that a run without events reserves no memory for a stream.
            Either::Left(Box::pin(stream_reply(environment, model, request, turn, partial)))
        } else {
            Either::Right(model.complete(request))
        }
    }
}

/// Requests a streamed answer and emits its chunks as they arrive. Collects them in `partial` until the answer is
/// complete.
async fn stream_reply<M: Model, S: EventSink>(
    environment: &Environment<'_, S>,
    model: &M,
    request: Request<'_>,
    turn: u32,
    partial: &mut Option<Box<ReplyBuilder>>,
) -> Result<Reply, ModelError> {
    let partial = partial.get_or_insert_default();
    let mut deltas = pin!(model.stream(request));
    while let Some(chunk) = deltas.next().await {
        let chunk = chunk?;
        partial.push(&chunk);
        match chunk {
            Delta::Text(delta) if !delta.is_empty() => environment.emit(|| Event::Text { delta }).await,
            Delta::Reasoning(delta) if !delta.is_empty() => {
                environment.emit(|| Event::Reasoning { delta }).await;
            }
            Delta::Restart => environment.emit(|| Event::TurnRestarted { turn }).await,
            _ => {}
        }
    }
    std::mem::take(&mut **partial).finish()
}
