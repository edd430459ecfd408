//! The observer of a run in progress, with the name and the path under which it knows the run.

use std::time::Duration;

use tokio::time::Instant;

use crate::model::{Model, ModelError, ModelEvent, ModelListener, Reply, Request, Usage};
use crate::observe::{Observation, ObservedRun, Observer, deliver, is_enabled};
use crate::run::{CallPath, Error, ErrorKind, Run};

/// The observer of a run. It is a plain pointer at every level, so the type of a nested run does not grow with its depth.
pub(super) struct Watch<'a> {
    pub(super) observer: Option<&'a (dyn Observer + 'a)>,
    pub(super) agent: &'static str,
    /// The path from the run that was started to this run. Empty if the events of the run are not consumed.
    pub(super) path: &'a CallPath,
}

/// Returns the enabled observers of a pair. A single one is called directly.
#[inline]
pub(super) fn enabled<'a, A: Observer, B: Observer>(
    observers: &'a (A, Option<B>),
) -> Option<&'a (dyn Observer + 'a)> {
    // An absent observer needs no protection against its panics.
    let second = observers.1.as_ref().filter(|second| is_enabled(*second));
    match (is_enabled(&observers.0), second) {
        (false, None) => None,
        (true, None) => Some(&observers.0),
        (false, Some(second)) => Some(second),
        (true, Some(_)) => Some(observers),
    }
}

/// Returns both observers, unless both are absent.
#[inline]
pub(super) fn either<A, B>(first: Option<A>, second: Option<B>) -> Option<(Option<A>, Option<B>)> {
    (first.is_some() || second.is_some()).then_some((first, second))
}

impl Watch<'_> {
    #[inline]
    pub(super) fn is_enabled(&self) -> bool {
        self.observer.is_some()
    }

    /// Passes an event to the observer. Builds the event only if there is one.
    #[inline]
    pub(super) fn notify<'e>(&self, run: &Run, event: impl FnOnce() -> Observation<'e>) {
        if let Some(observer) = self.observer {
            self.pass(observer, run, &event());
        }
    }

    /// Passes the start of an operation to the observer. Returns its time if there is an observer: `now`, or else the
    /// clock's.
    #[inline]
    pub(super) fn start<'e>(
        &self,
        run: &Run,
        now: Option<Instant>,
        event: impl FnOnce() -> Observation<'e>,
    ) -> Option<Instant> {
        self.observer.map(|observer| {
            let started = now.unwrap_or_else(Instant::now);
            self.pass(observer, run, &event());
            started
        })
    }

    fn pass(&self, observer: &dyn Observer, run: &Run, event: &Observation<'_>) {
        let run = ObservedRun {
            run_id: run.id(),
            parent: run.parent(),
            agent: self.agent,
            path: self.path,
        };
        deliver(observer, &run, event);
    }

    /// Reports a reply, adds it to the run, and returns the time of the reply. Not inlined, because the future of the run must not borrow the reply: it would
    /// store the reply, and a run without an observer would copy it once more.
    #[inline(never)]
    pub(super) fn record<M: Model>(
        &self,
        run: &mut Run,
        model: &M,
        turn: u32,
        started: Instant,
        reply: Reply,
    ) -> Instant {
        let now = Instant::now();
        self.notify(run, || Observation::ModelFinished {
            model: model.id(),
            turn,
            reply: &reply,
            elapsed: now.duration_since(started),
        });
        run.record_reply(reply.message, reply.finish_reason, reply.usage);
        now
    }

    /// Reports the end of a run.
    #[inline]
    pub(super) fn end(&self, run: &Run, outcome: Result<(), &Error>, elapsed: Duration) {
        self.notify(run, || {
            let (usage, turns) = (run.usage(), run.turns());
            match outcome.map_err(|error| (error, error.kind())) {
                Ok(()) => Observation::RunFinished {
                    usage,
                    turns,
                    elapsed,
                },
                Err((_, ErrorKind::Paused)) => Observation::RunPaused {
                    usage,
                    turns,
                    elapsed,
                },
                Err((_, ErrorKind::Cancelled)) => Observation::RunCancelled {
                    usage,
                    turns,
                    elapsed,
                },
                Err((error, _)) => Observation::RunFailed {
                    error,
                    usage,
                    turns,
                    elapsed,
                },
            }
        });
    }
}

/// A request to the model, and the receiver of the events of its layers.
pub(super) struct ModelCall<'a> {
    watch: &'a Watch<'a>,
    run: &'a Run,
    turn: u32,
    started: Instant,
}

impl<'a> ModelCall<'a> {
    /// Creates a request of a run, if there is an observer. It starts at `now`, or else at the clock's time.
    #[inline]
    pub(super) fn new(watch: &'a Watch<'a>, run: &'a Run, turn: u32, now: Option<Instant>) -> Option<Self> {
        watch.is_enabled().then(|| Self {
            watch,
            run,
            turn,
            started: now.unwrap_or_else(Instant::now),
        })
    }

    #[inline]
    pub(super) fn as_listener(&self) -> &dyn ModelListener {
        self
    }

    /// Reports the start of the request. Passing it by value keeps it out of the future of the run.
    pub(super) fn start<M: Model>(&self, model: &M, request: Request<'_>) {
        self.watch.notify(self.run, || Observation::ModelStarted {
            model: model.id(),
            turn: self.turn,
            request: &request,
        });
    }

    pub(super) fn started(&self) -> Instant {
        self.started
    }

    /// Reports the failure of the request, and the usage before the failure.
    pub(super) fn fail<M: Model>(&self, model: &M, error: &ModelError, usage: Usage) {
        self.watch.notify(self.run, || Observation::ModelFailed {
            model: model.id(),
            turn: self.turn,
            error,
            usage,
            elapsed: self.started.elapsed(),
        });
    }
}

impl ModelListener for ModelCall<'_> {
    fn on_event(&self, event: &ModelEvent<'_>) {
        self.watch.notify(self.run, || Observation::Layer {
            turn: self.turn,
            event,
        });
    }
}
