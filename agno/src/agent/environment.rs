//! The environment of a run: the receiver of its events, its observer, its position among the runs of other agents, and
//! the budget that all of them share.

use std::borrow::Cow;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};

use super::sink::{EventSink, Item};
use super::watch::Watch;
use crate::handoff::Ticket;
use crate::message::ToolCall;
use crate::run::{Envelope, Event, Run, RunId};
use crate::tool::Cancellation;

/// The environment of a run. It is plain data at every level, so the type of a nested run does not grow with its depth.
#[expect(
    missing_debug_implementations,
    reason = "the type is not nameable outside the crate"
)]
pub struct Environment<'a, S> {
    pub(super) sink: &'a S,
    pub(super) run_id: RunId,
    pub(super) watch: &'a Watch<'a>,
    pub(super) ancestry: &'a Ancestry<'a>,
    pub(super) cancellation: Option<&'a Cancellation>,
    /// The requests that the run and its nested runs may still make.
    pub(super) budget: &'a Budget,
}

impl<'a, S> Environment<'a, S> {
    /// Returns the same environment with another receiver of events.
    pub(super) fn with_sink<N>(&self, sink: &'a N) -> Environment<'a, N> {
        Environment {
            sink,
            run_id: self.run_id,
            watch: self.watch,
            ancestry: self.ancestry,
            cancellation: self.cancellation,
            budget: self.budget,
        }
    }

    /// Sets the observer.
    pub(super) fn with_watch(self, watch: &'a Watch<'a>) -> Self {
        Self { watch, ..self }
    }
}

impl<S: EventSink> Environment<'_, S> {
    /// Returns `true` if the caller of the run cancelled it.
    #[inline]
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancellation
            .is_some_and(|cancellation| cancellation.run.is_cancelled())
    }

    /// Passes an event to the receiver and returns a future that waits until the receiver takes the event. Builds the
    /// event only if events are consumed.
    #[inline]
    pub(super) fn emit(&self, event: impl FnOnce() -> Event<Infallible>) -> Emitted<'_, S> {
        let ticket = if self.sink.is_enabled() {
            self.sink.store(self.envelope(event()))
        } else {
            Ticket::TAKEN
        };
        Emitted {
            sink: self.sink,
            ticket,
        }
    }

    #[inline]
    fn envelope(&self, event: Event<Infallible>) -> Item {
        Envelope {
            run_id: self.run_id,
            agent: Cow::Borrowed(self.watch.agent),
            path: self.watch.path.clone(),
            event,
        }
    }
}

/// Waits until an event is taken.
#[must_use]
pub(super) struct Emitted<'a, S> {
    sink: &'a S,
    ticket: Ticket,
}

impl<S: EventSink> Future for Emitted<'_, S> {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.sink.is_enabled() {
            self.sink.poll_taken(self.ticket, context)
        } else {
            Poll::Ready(())
        }
    }
}

/// The agents from the one that was started down to the current one, as a list on the stack.
#[derive(Clone, Copy)]
pub(super) struct Ancestry<'a> {
    pub(super) above: Option<&'a Ancestry<'a>>,
    /// The name by which the agent was called.
    pub(super) name: &'a str,
    /// Returns the name of the declaration's type, to recognize an agent that calls itself.
    pub(super) declaration: fn() -> &'static str,
}

impl Ancestry<'_> {
    /// Returns the number of occurrences of a declaration.
    pub(super) fn count(&self, declaration: &str) -> u32 {
        let above = self.above.map_or(0, |above| above.count(declaration));
        above + u32::from((self.declaration)() == declaration)
    }

    /// Returns the names of the agents, outermost first.
    pub(super) fn names(&self) -> String {
        match self.above {
            None => self.name.to_owned(),
            Some(above) => format!("{} -> {}", above.names(), self.name),
        }
    }
}

/// The requests that a run and its nested runs may still make.
pub(super) struct Budget {
    limit: AtomicU32,
    used: AtomicU32,
}

impl Budget {
    /// Creates an unlimited budget, for a run that cannot have nested runs. Its own limit of turns applies.
    pub(super) const fn unlimited() -> Self {
        Self {
            limit: AtomicU32::new(u32::MAX),
            used: AtomicU32::new(0),
        }
    }

    /// Sets the budget of a run that can have nested runs. The run may have made requests before it was resumed.
    pub(super) fn start(&self, run: &Run) {
        let limits = run.limits();
        let limit = limits.max_total_turns.max(limits.max_turns);
        self.limit.store(limit, Ordering::Relaxed);
        self.used.store(run.total_turns(), Ordering::Relaxed);
    }

    /// Reserves a request. Returns the limit if it is reached.
    pub(super) fn reserve(&self) -> Result<(), u32> {
        let limit = self.limit.load(Ordering::Relaxed);
        let used = self.used.fetch_add(1, Ordering::Relaxed);
        if used < limit {
            Ok(())
        } else {
            self.used.fetch_sub(1, Ordering::Relaxed);
            Err(limit)
        }
    }
}

/// A call of an agent, and the slot in which its run is stored if it stops before its end.
#[expect(
    missing_debug_implementations,
    reason = "the type is not nameable outside the crate"
)]
pub struct DelegateCall<'a, S> {
    /// The environment of the calling run.
    pub(super) environment: &'a Environment<'a, S>,
    pub(super) call: &'a ToolCall,
    pub(super) slot: &'a mut Option<Box<Run>>,
    /// The name of the agent in the caller's declaration.
    pub(super) name: &'a str,
    /// The maximum number of occurrences of the agent on the way down.
    pub(super) depth: u32,
}

impl<'a, S> DelegateCall<'a, S> {
    /// Sets the environment of the calling run.
    pub(super) fn with_environment<'b, N>(self, environment: &'b Environment<'b, N>) -> DelegateCall<'b, N>
    where
        'a: 'b,
    {
        DelegateCall {
            environment,
            call: self.call,
            slot: self.slot,
            name: self.name,
            depth: self.depth,
        }
    }

    /// Sets the name and the depth of the entry that the call refers to.
    pub(super) fn with_entry(self, name: &'a str, depth: Option<u32>) -> Self {
        Self {
            name,
            depth: depth.unwrap_or(1),
            ..self
        }
    }
}
