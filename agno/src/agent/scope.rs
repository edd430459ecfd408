//! The state of a run in progress, which outlives the loop that drives the run.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::call_outcomes::Outcomes;
use super::sink::EventSink;
use super::watch::Watch;
use crate::message::Message;
use crate::model::{Messages, ReplyBuilder, Settings, Usage};
use crate::observe::Observation;
use crate::run::{Answer, Error, ErrorKind, Limits, Result, Run, StopReason, Transcript};
use crate::session::{Session, WindowStart};

/// A run in progress. Dropping the scope stores a well-formed run in the session, even if the loop did not finish.
pub(super) struct Scope<'a> {
    pub(super) run: Run,
    pub(super) session: Option<&'a mut Session>,
    /// The start of the session's window, fixed when the run starts.
    pub(super) window_start: WindowStart,
    pub(super) settings: &'a Settings,
    /// The part of an unfinished answer that has arrived.
    pub(super) partial: Option<Box<ReplyBuilder>>,
    /// The outcomes of finished calls while other calls in the same turn are in progress.
    pub(super) outcomes: Outcomes,
    /// The slots of the turn's calls of other agents. A run that stops before its end is stored in its slot.
    pub(super) nested: Vec<NestedSlot>,
    /// The reason why the last answer was rejected.
    pub(super) rejected: Option<String>,
    /// The slot of a nested run, in which it is stored if it stops before its end.
    home: Option<&'a mut Option<Box<Run>>>,
    /// The observer, if there is one.
    watch: Option<&'a Watch<'a>>,
    /// The time at which the run started or was resumed, if anything depends on it.
    started: Option<Instant>,
    /// The time of the last event for the observer, unless the run has waited since. The next operation starts at this
    /// time, so that an observed run reads the clock half as often.
    pub(super) now: Option<Instant>,
    settled: bool,
}

/// The slot of a call of another agent.
pub(super) struct NestedSlot {
    /// The index of the call among the calls in the last message.
    pub(super) index: usize,
    /// The run, if it stopped before its end.
    pub(super) run: Option<Box<Run>>,
    /// The usage and the number of requests of the run, if it ended.
    pub(super) ended: Option<(Usage, u32)>,
}

/// Returns the messages of the next request. A function of the parts of a scope, because the request also borrows another
/// part.
#[inline]
pub(super) fn messages<'r>(
    run: &'r Run,
    session: Option<&'r Session>,
    start: WindowStart,
    closing: Option<&'r Message>,
) -> Messages<'r> {
    let history = session.map(|session| session.history_from(start));
    Messages::new(run.messages())
        .with_context(run.context_message())
        .with_history(history.unwrap_or_default())
        .with_closing(closing)
}

impl<'a> Scope<'a> {
    #[inline]
    pub(super) fn new(run: Run, session: Option<&'a mut Session>, settings: &'a Settings) -> Self {
        let window_start = session.as_deref().map(Session::window_start).unwrap_or_default();
        Self {
            run,
            session,
            window_start,
            settings,
            partial: None,
            outcomes: Outcomes::default(),
            nested: Vec::new(),
            rejected: None,
            home: None,
            watch: None,
            started: None,
            now: None,
            settled: false,
        }
    }

    /// Creates the scope of a nested run, which is stored in `home` if it stops before its end.
    pub(super) fn nested(run: Run, home: &'a mut Option<Box<Run>>) -> Self {
        let mut scope = Self::new(run, None, Settings::default_ref());
        scope.home = Some(home);
        scope
    }

    /// Sets the observer and reports the start to it.
    #[inline]
    pub(super) fn watch(&mut self, watch: &'a Watch<'a>, started: Option<Instant>, is_resumed: bool) {
        self.started = started;
        if watch.is_enabled() {
            self.watch = Some(watch);
            self.now = started;
            watch.notify(&self.run, || {
                if is_resumed {
                    Observation::RunResumed
                } else {
                    Observation::RunStarted
                }
            });
        }
    }

    /// Takes the time of the last event for the observer. `None` if events are consumed, because the run waits for their
    /// receiver.
    #[inline]
    pub(super) fn take_now<S: EventSink>(&mut self, sink: &S) -> Option<Instant> {
        self.now.take().filter(|_| !sink.is_enabled())
    }

    /// Reports the end.
    #[inline]
    fn report_end(&self, outcome: Result<(), &Error>, elapsed: Duration) {
        if let Some(watch) = self.watch {
            watch.end(&self.run, outcome, elapsed);
        }
    }

    /// Adds the outcomes of calls to the run and returns their number.
    pub(super) fn record_calls(&mut self) -> usize {
        let recorded = self.outcomes.record(&mut self.run);
        if self.nested.is_empty() {
            return recorded;
        }
        recorded + self.record_nested()
    }

    /// Adds the runs of other agents to the run: the usage of those that ended, and those that stopped before their end.
    /// Returns the number of the latter.
    fn record_nested(&mut self) -> usize {
        let mut stopped = 0;
        for slot in self.nested.drain(..) {
            if let Some((usage, turns)) = slot.ended {
                self.run.add_nested(usage, turns);
            }
            if let Some(run) = slot.run {
                self.run.set_nested(slot.index, run);
                stopped += 1;
            }
        }
        stopped
    }

    /// Returns the nested run, which ended.
    pub(super) fn end(&mut self, outcome: Result<(), &Error>) -> Run {
        self.settled = true;
        self.finalize(false);
        self.report_end(outcome, self.elapsed());
        self.take_run()
    }

    /// Stores the nested run in its call, because it stopped before its end.
    pub(super) fn store(&mut self, error: &Error) {
        self.settled = true;
        self.finalize(error.kind() == ErrorKind::Cancelled);
        self.report_end(Err(error), self.elapsed());
        self.go_home();
    }

    #[inline]
    fn elapsed(&self) -> Duration {
        self.started.map(|started| started.elapsed()).unwrap_or_default()
    }

    fn go_home(&mut self) {
        if let Some(home) = self.home.take() {
            *home = Some(Box::new(self.take_run()));
        }
    }

    fn take_run(&mut self) -> Run {
        std::mem::replace(&mut self.run, Run::new("", Limits::DEFAULT))
    }

    /// Returns the answer. The answer and the session share the run's messages. Returns a `Result`, so that the answer is
    /// created in place.
    #[inline]
    pub(super) fn succeed<T>(&mut self, output: T) -> Result<Answer<T>> {
        self.settled = true;
        let elapsed = self.elapsed();
        self.report_end(Ok(()), elapsed);
        let run = &mut self.run;
        Ok(Answer {
            output,
            run_id: run.id(),
            usage: run.usage(),
            turns: run.turns(),
            finish_reason: run.finish_reason(),
            elapsed,
            context_citations: run.take_context_citations(),
            // Each path moves the messages only once.
            messages: match self.session.as_deref_mut() {
                None => Transcript::Owned(run.take_messages()),
                Some(session) => {
                    let messages = Arc::new(run.take_messages());
                    session.append_run(run.id(), Arc::clone(&messages));
                    Transcript::Shared(messages)
                }
            },
        })
    }

    /// Returns the error with the run so far, and appends the run's messages to the session.
    pub(super) fn fail(&mut self, error: Error) -> Error {
        self.settled = true;
        self.finalize(error.kind() == ErrorKind::Cancelled);
        self.report_end(Err(&error), self.elapsed());
        let run = self.run.clone();
        error.with_run(run)
    }

    /// Makes the run well-formed and appends its messages to the session.
    fn finalize(&mut self, cancelled: bool) {
        self.record_calls();
        let interrupted = self.partial.take().is_some_and(|partial| {
            self.run.interrupt(partial.partial(), partial.usage());
            !partial.partial().parts.is_empty()
        });
        if cancelled {
            self.run.stop(StopReason::Cancelled);
        } else if interrupted {
            self.run.stop(StopReason::Interrupted);
        }
        if let Some(session) = self.session.as_deref_mut() {
            // The calls of a paused run stay open, but the copy in the session must have a result for each of them.
            let mut copy = self.run.clone();
            copy.fail_open_calls("this call is waiting for a decision");
            session.append_run(copy.id(), Arc::new(copy.take_messages()));
        }
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        if !self.settled {
            self.finalize(true);
            if let Some(watch) = self.watch {
                watch.notify(&self.run, || Observation::RunCancelled {
                    usage: self.run.usage(),
                    turns: self.run.turns(),
                    elapsed: self.elapsed(),
                });
            }
            self.go_home();
        }
    }
}
