//! The options of a single run: a session, a cancellation token, settings and limits.

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

/// The options of a run that has not started.
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
/// let mut session = Session::new(Owner::shared());
/// agent.session(&mut session).run("I am Ada.").await?;
/// let settings = Settings::new().with_temperature(0.0);
/// let answer = agent.session(&mut session).settings(&settings).run("Who am I?").await?;
/// assert_eq!(answer.text(), "You are Ada.");
/// assert_eq!(session.len(), 4);
/// # Ok(())
/// # }
/// ```
#[must_use = "an invocation does nothing until it is run or streamed"]
pub struct Invocation<'a, D, M> {
    agent: &'a Agent<D, M>,
    session: Option<&'a mut Session>,
    cancellation: Option<&'a CancellationToken>,
    settings: Option<&'a Settings>,
    limits: Option<Limits>,
    max_turns: Option<u32>,
}

impl<'a, D: Declared, M: Model> Invocation<'a, D, M> {
    #[inline]
    pub(super) fn new(agent: &'a Agent<D, M>) -> Self {
        Self {
            agent,
            session: None,
            cancellation: None,
            settings: None,
            limits: None,
            max_turns: None,
        }
    }

    /// Sets the session. The session's history precedes the input, and the run's messages are appended to the session,
    /// however the run ends.
    pub fn session(mut self, session: &'a mut Session) -> Self {
        self.session = Some(session);
        self
    }

    /// Sets the token that cancels the run.
    pub fn cancellation(mut self, token: &'a CancellationToken) -> Self {
        self.cancellation = Some(token);
        self
    }

    /// Sets the model settings.
    pub fn settings(mut self, settings: &'a Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// Sets the limits, which replace the limits of the agent or of the resumed run.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Sets the maximum number of requests; 0 is treated as 1. The earlier requests of a resumed run count as well.
    pub fn max_turns(mut self, max_turns: u32) -> Self {
        self.max_turns = Some(max_turns);
        self
    }

    /// Runs the agent with an input message.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Agent::run`], and an error of kind
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled) when the token is cancelled. The error contains the run so
    /// far.
    #[inline]
    pub fn run(self, input: impl Into<Message>) -> impl Future<Output = Result<Answer<D::Output>>> + Send {
        let start = Start::Input(input.into());
        drive(move || self.start_run(start), NoEvents)
    }

    /// Resumes a run that stopped or paused, for example after an error, a cancellation or a decision.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`run`](Self::run).
    #[inline]
    pub fn resume(self, run: Run) -> impl Future<Output = Result<Answer<D::Output>>> + Send + 'a {
        let start = Start::Run(Box::new(run));
        drive(move || self.start_run(start), NoEvents)
    }

    /// Runs the agent with an input message and streams the events.
    pub fn stream(self, input: impl Into<Message>) -> RunStream<'a, D::Output> {
        let start = Start::Input(input.into());
        RunStream::new(|sink| drive(move || self.start_run(start), sink))
    }

    /// Resumes a run that stopped or paused, and streams the events.
    ///
    /// ```
    /// use agno::ModelErrorKind;
    /// use agno::model::ScriptedModel;
    /// use agno::prelude::*;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(ScriptedModel::new().fault(ModelErrorKind::Network).reply("Hello."));
    /// let run = agent.run("Hi").await.unwrap_err().into_run().expect("the error contains the run");
    /// assert_eq!(agent.invoke().resume_stream(run).answer().await?.text(), "Hello.");
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume_stream(self, run: Run) -> RunStream<'a, D::Output> {
        let start = Start::Run(Box::new(run));
        RunStream::new(|sink| drive(move || self.start_run(start), sink))
    }

    /// Starts the run. Called on the first poll, so that a future that is never polled leaves the session unchanged.
    #[inline]
    pub(super) fn start_run(self, start: Start) -> (&'a Agent<D, M>, Scope<'a>) {
        let Self { mut session, .. } = self;
        let changed = |limits: Limits| {
            let limits = self.limits.unwrap_or(limits);
            self.max_turns
                .map_or(limits, |max_turns| limits.with_max_turns(max_turns))
        };
        let run = match start {
            Start::Input(input) => Run::new(input, changed(D::INFO.limits)).with_agent(D::INFO.name),
            Start::Run(run) => {
                let limits = changed(run.limits());
                reopened(run.with_limits(limits), session.as_deref_mut())
            }
        };
        let settings = self.settings.unwrap_or(Settings::default_ref());
        (self.agent, Scope::new(run, session, self.cancellation, settings))
    }
}

/// The starting point of a run.
pub(super) enum Start {
    /// A user message.
    Input(Message),
    /// A run that stopped or paused.
    Run(Box<Run>),
}

/// Reactivates a run that stopped or paused, and removes its messages from the session until the run ends again.
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
            .field("max_turns", &self.max_turns)
            .finish_non_exhaustive()
    }
}
