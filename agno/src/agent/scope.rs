//! What a run in progress holds, so that it survives the loop that drives it.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::calls::Outcomes;
use crate::model::{ReplyBuilder, Settings};
use crate::run::{Answer, Error, ErrorKind, Run, StopReason, Transcript};
use crate::session::{Session, WindowStart};

/// A run in progress. Whatever becomes of the loop, dropping the scope leaves a well-formed run in the session.
pub(super) struct Scope<'a> {
    pub(super) run: Run,
    pub(super) session: Option<&'a mut Session>,
    /// Where the session's window begins, fixed when the run starts.
    pub(super) window_start: WindowStart,
    pub(super) cancellation: Option<&'a CancellationToken>,
    pub(super) settings: &'a Settings,
    /// What the model said so far of an answer that is still coming.
    pub(super) partial: Option<Box<ReplyBuilder>>,
    /// What became of calls while others of the same turn still go on.
    pub(super) outcomes: Outcomes,
    /// Why the last answer was rejected.
    pub(super) rejected: Option<String>,
    settled: bool,
}

impl<'a> Scope<'a> {
    #[inline]
    pub(super) fn new(
        run: Run,
        session: Option<&'a mut Session>,
        cancellation: Option<&'a CancellationToken>,
        settings: &'a Settings,
    ) -> Self {
        let window_start = session.as_deref().map(Session::window_start).unwrap_or_default();
        Self {
            run,
            session,
            window_start,
            cancellation,
            settings,
            partial: None,
            outcomes: Outcomes::default(),
            rejected: None,
            settled: false,
        }
    }

    /// Tells the run what became of its calls.
    pub(super) fn record_calls(&mut self) {
        self.outcomes.record(&mut self.run);
    }

    /// The answer, with the run's messages in it and in the session.
    #[inline]
    pub(super) fn succeed<T>(&mut self, output: T, elapsed: Duration) -> Answer<T> {
        self.settled = true;
        let run = &mut self.run;
        let (run_id, usage, turns, finish_reason) = (run.id(), run.usage(), run.turns(), run.finish_reason());
        let messages = run.take_messages();
        let messages = match self.session.as_deref_mut() {
            None => Transcript::Owned(messages),
            Some(session) => {
                let messages = Arc::new(messages);
                session.append_run(run_id, Arc::clone(&messages));
                Transcript::Shared(messages)
            }
        };
        Answer {
            output,
            run_id,
            usage,
            turns,
            finish_reason,
            elapsed,
            messages,
        }
    }

    /// The error, with the run so far in it and in the session.
    pub(super) fn fail(&mut self, error: Error) -> Error {
        self.settled = true;
        self.finalize(error.kind() == ErrorKind::Cancelled);
        let run = self.run.clone();
        error.with_run(run)
    }

    /// Leaves the run well formed and the session with its messages.
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
            // A run that waits keeps its calls open. What other runs of the session read of it has a result for each.
            let mut copy = self.run.clone();
            copy.fail_open_calls("not made yet: this call waits for a decision");
            session.append_run(copy.id(), Arc::new(copy.take_messages()));
        }
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        if !self.settled {
            self.finalize(true);
        }
    }
}
