//! One use of an agent: with a session, a token to cancel it, settings and limits of its own.

use std::fmt;
use std::future::Future;

use tokio_util::sync::CancellationToken;

use super::driver::drive;
use super::scope::Scope;
use super::sink::NoEvents;
use super::{Agent, Declared, RunStream};
use crate::message::Message;
use crate::model::{Model, Settings};
use crate::run::{Answer, Limits, Result, Run};
use crate::session::Session;

/// One use of an agent, before it starts.
///
/// ```
/// use agno::prelude::*;
/// use agno::model::{ScriptedModel, Settings};
///
/// /// Answers.
/// #[agent]
/// struct Assistant;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let agent = Assistant.with(ScriptedModel::new().reply("Hello, Ada.").reply("You are Ada."));
/// let mut session = Session::new();
/// agent.session(&mut session).run("I am Ada.").await?;
/// let settings = Settings::new().with_temperature(0.0);
/// let answer = agent.session(&mut session).settings(&settings).run("Who am I?").await?;
/// assert_eq!(answer.text(), "You are Ada.");
/// assert_eq!(session.len(), 4);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing happens until it is run or streamed"]
pub struct Invocation<'a, D, M> {
    agent: &'a Agent<D, M>,
    session: Option<&'a mut Session>,
    cancellation: Option<&'a CancellationToken>,
    settings: Option<&'a Settings>,
    limits: Limits,
}

impl<'a, D: Declared, M: Model> Invocation<'a, D, M> {
    #[inline]
    pub(super) fn new(agent: &'a Agent<D, M>) -> Self {
        Self {
            agent,
            session: None,
            cancellation: None,
            settings: None,
            limits: D::INFO.limits,
        }
    }

    /// In this session: with its history before the input, and the run's messages added to it, however the run ends.
    pub fn session(mut self, session: &'a mut Session) -> Self {
        self.session = Some(session);
        self
    }

    /// Until this token is cancelled.
    pub fn cancellation(mut self, token: &'a CancellationToken) -> Self {
        self.cancellation = Some(token);
        self
    }

    /// With these settings for the model.
    pub fn settings(mut self, settings: &'a Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// With these limits in place of the agent's.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With at most this many requests.
    pub fn max_turns(mut self, max_turns: u32) -> Self {
        self.limits = self.limits.with_max_turns(max_turns);
        self
    }

    /// Answers an input.
    ///
    /// # Errors
    ///
    /// When the model fails, the limits are reached, the answer does not fit or the token is cancelled; the run so
    /// far is in the error.
    #[inline]
    pub fn run(self, input: impl Into<Message>) -> impl Future<Output = Result<Answer<D::Output>>> + Send {
        let start = Start::Input(input.into());
        drive(move || self.begin(start), NoEvents)
    }

    /// Goes on with a run that stopped or paused: after an error, a cancellation, a decision, or on another machine.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    #[inline]
    pub fn resume(self, run: Run) -> impl Future<Output = Result<Answer<D::Output>>> + Send + 'a {
        let start = Start::Run(Box::new(run));
        drive(move || self.begin(start), NoEvents)
    }

    /// Answers an input and tells what happens on the way.
    pub fn stream(self, input: impl Into<Message>) -> RunStream<'a, D::Output> {
        let start = Start::Input(input.into());
        RunStream::new(|sink| drive(move || self.begin(start), sink))
    }

    /// Goes on with a run that stopped, and tells what happens on the way.
    pub fn resume_stream(self, run: Run) -> RunStream<'a, D::Output> {
        let start = Start::Run(Box::new(run));
        RunStream::new(|sink| drive(move || self.begin(start), sink))
    }

    /// Begins: when the run is first polled, so that one that never is leaves no trace in its session.
    #[inline]
    pub(super) fn begin(self, start: Start) -> (&'a Agent<D, M>, Scope<'a>) {
        let Self { mut session, .. } = self;
        let run = match start {
            Start::Input(input) => Run::new(input, self.limits),
            Start::Run(run) => reopened(*run, session.as_deref_mut()),
        };
        let settings = self.settings.unwrap_or(Settings::default_ref());
        (self.agent, Scope::new(run, session, self.cancellation, settings))
    }
}

/// The start of a run.
pub(super) enum Start {
    /// The message of a user.
    Input(Message),
    /// A run that stopped or paused.
    Run(Box<Run>),
}

/// A run that stopped or paused, made ready to go on, and taken out of its session until it ends again.
fn reopened(mut run: Run, session: Option<&mut Session>) -> Run {
    run.reopen();
    if let Some(session) = session {
        session.remove_run(run.id());
    }
    run
}

impl<D, M> fmt::Debug for Invocation<'_, D, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocation")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
