//! Runs that have not started. The loop takes them as a whole, because each move of the options and the input copies them.

use std::time::Instant;

use super::AgentInfo;
use super::options::{Options, Start};
use super::parts::{AgentParts, ReadOutput};
use super::scope::Scope;
use super::sink::EventSink;
use crate::model::{Model, Settings};
use crate::observe::Observer;
use crate::run::Run;
use crate::session::Session;

/// A run that has not started, of an agent whose type is known or erased.
pub(super) trait Unstarted<'a, M: Model, S: EventSink>: Send {
    type Agent: AgentParts<M, S> + ?Sized + 'a;
    type Reader: ReadOutput;

    fn agent(&self) -> &'a Self::Agent;

    fn model(&self) -> &'a M;

    fn reader(&self) -> Self::Reader;

    /// Takes the observer of the declaration.
    fn take_observer(&mut self) -> impl Observer + use<'a, Self, M, S>;

    fn options(&self) -> &Options<'a>;

    /// Returns `true` if the run continues another run.
    fn is_resumed(&self) -> bool;

    /// Starts the run. Called on the first poll, so that a future that is never polled leaves the session unchanged.
    fn start<'s>(self, now: Instant) -> Scope<'s>
    where
        'a: 's;
}

/// A run of an agent whose type is erased, with outputs of type `O`.
pub(super) struct ErasedUnstarted<'a, M, S, O> {
    pub(super) agent: &'a (dyn AgentParts<M, S> + 'a),
    pub(super) model: &'a M,
    pub(super) reader: fn(&str) -> Result<O, String>,
    pub(super) observer: Option<Box<dyn Observer + 'a>>,
    pub(super) options: Options<'a>,
    pub(super) start: Start,
}

impl<'a, M: Model, S: EventSink, O: Send> Unstarted<'a, M, S> for ErasedUnstarted<'a, M, S, O> {
    type Agent = dyn AgentParts<M, S> + 'a;
    type Reader = fn(&str) -> Result<O, String>;

    fn agent(&self) -> &'a Self::Agent {
        self.agent
    }

    fn model(&self) -> &'a M {
        self.model
    }

    fn reader(&self) -> Self::Reader {
        self.reader
    }

    fn take_observer(&mut self) -> impl Observer + use<'a, M, S, O> {
        self.observer.take()
    }

    fn options(&self) -> &Options<'a> {
        &self.options
    }

    fn is_resumed(&self) -> bool {
        self.start.is_resumed()
    }

    #[inline]
    fn start<'s>(self, now: Instant) -> Scope<'s>
    where
        'a: 's,
    {
        start_run(self.options, self.start, self.agent.info(), now)
    }
}

/// Returns the scope of a new run or of a resumed one. The scope can refer to an observer, which lives shorter than the
/// agent.
#[inline(always)]
pub(super) fn start_run<'a, 's>(
    mut options: Options<'a>,
    start: Start,
    agent: &'static AgentInfo,
    now: Instant,
) -> Scope<'s>
where
    'a: 's,
{
    let run = match start {
        Start::Input(input) => Run::new_at(input, options.limits.applied_to(agent.limits), agent.name, now),
        Start::Run(run) => {
            let limits = options.limits.applied_to(run.limits());
            reopened(run.with_limits(limits), options.session.as_deref_mut())
        }
    };
    let settings = options.settings.unwrap_or(Settings::default_ref());
    Scope::new(run, options.session, settings)
}

/// Reactivates a run that stopped or paused, and removes its messages from the session until the run ends again.
fn reopened(mut run: Run, session: Option<&mut Session>) -> Run {
    run.reopen();
    if let Some(session) = session {
        session.remove_run(run.id());
    }
    run
}
