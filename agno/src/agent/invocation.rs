//! A single run that has not started: an agent, the input, and options such as a session, settings and limits.

use std::fmt;
use std::future::Future;
use std::time::Instant;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::driver::drive;
use super::options::{NoInput, Options, Start, option_methods};
use super::parts::Typed;
use super::running::{Running, Work};
use super::scope::Scope;
use super::sink::{EventSink, NoEvents};
use super::stream::Ended;
use super::unstarted::{Unstarted, start_run};
use super::{Agent, Declared, RunStream};
use crate::message::Message;
use crate::model::{Model, Settings};
use crate::observe::Observer;
use crate::run::{Answer, Limits, Result, Run};
use crate::session::Session;

/// The input and the options of a run that has not started.
///
/// `run(input)` and `stream(input)` start it. [`input`](Self::input) sets the input first, so that the future of the run
/// does not borrow the input:
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
///
/// let agent = Assistant.with(ScriptedModel::always(agno::model::Reply::text("Yes.")));
/// let mut runs = Vec::new();
/// for number in 0..3 {
///     let question = format!("Is {number} a number?");
///     runs.push(agent.input(&question).run());
/// }
/// for run in runs {
///     assert_eq!(run.await?.text(), "Yes.");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "an invocation does nothing until it is run or streamed"]
pub struct Invocation<'a, D, M, S = NoInput> {
    agent: &'a Agent<D, M>,
    options: Options<'a>,
    start: S,
}

impl<'a, D: Declared, M: Model, S> Invocation<'a, D, M, S> {
    option_methods!('a);

    pub(super) fn with_start<N>(self, start: N) -> Invocation<'a, D, M, N> {
        Invocation {
            agent: self.agent,
            options: self.options,
            start,
        }
    }
}

impl<'a, D: Declared, M: Model> Invocation<'a, D, M> {
    #[inline]
    pub(super) fn new(agent: &'a Agent<D, M>) -> Self {
        Self::with_options(agent, Options::NONE)
    }

    pub(super) fn with_options(agent: &'a Agent<D, M>, options: Options<'a>) -> Self {
        Self {
            agent,
            options,
            start: NoInput,
        }
    }

    /// Sets the input message. Everything that the future of the run borrows is then the agent and the options.
    #[inline]
    pub fn input(self, input: impl Into<Message>) -> Invocation<'a, D, M, Start> {
        self.with_start(Start::Input(input.into()))
    }

    /// Runs the agent with an input message.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Agent::run`], and an error of kind
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled) when the token is cancelled. The error contains the run so
    /// far.
    #[inline]
    pub fn run(
        self,
        input: impl Into<Message>,
    ) -> impl Future<Output = Result<Answer<D::Output>>> + Work<Output = D::Output> + Send {
        self.input(input).run()
    }

    /// Resumes a run that stopped or paused, for example after an error, a cancellation or a decision.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`run`](Self::run).
    #[inline]
    pub fn resume(
        self,
        run: Run,
    ) -> impl Future<Output = Result<Answer<D::Output>>> + Work<Output = D::Output> + Send + use<'a, D, M>
    {
        self.with_start(Start::Run(Box::new(run))).run()
    }

    /// Runs the agent with an input message and streams the events.
    pub fn stream(self, input: impl Into<Message>) -> RunStream<'a, D::Output> {
        self.input(input).stream()
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
        self.with_start(Start::Run(Box::new(run))).stream()
    }
}

impl<'a, D: Declared, M: Model> Invocation<'a, D, M, Start> {
    /// Runs the agent.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Agent::run`], and an error of kind
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled) when the token is cancelled.
    #[inline]
    pub fn run(
        self,
    ) -> impl Future<Output = Result<Answer<D::Output>>> + Work<Output = D::Output> + Send + use<'a, D, M>
    {
        Running::new(self, run_without_events::<D, M>)
    }

    /// Runs the agent and streams the events.
    pub fn stream(self) -> RunStream<'a, D::Output> {
        RunStream::new(D::INFO.name, |sink| drive(self, sink).map(Ended::without_session))
    }
}

#[inline]
fn run_without_events<'a, D: Declared, M: Model>(
    invocation: Invocation<'a, D, M, Start>,
) -> impl Future<Output = Result<Answer<D::Output>>> + Send + use<'a, D, M> {
    drive(invocation, NoEvents)
}

impl<'a, D: Declared, M: Model, S: EventSink> Unstarted<'a, M, S> for Invocation<'a, D, M, Start> {
    type Agent = D;
    type Reader = Typed<D>;

    #[inline]
    fn agent(&self) -> &'a D {
        &self.agent.declaration
    }

    #[inline]
    fn model(&self) -> &'a M {
        &self.agent.model
    }

    #[inline]
    fn reader(&self) -> Typed<D> {
        Typed::new()
    }

    #[inline]
    fn take_observer(&mut self) -> impl Observer + use<'a, D, M, S> {
        self.agent.declaration.observer()
    }

    #[inline]
    fn options(&self) -> &Options<'a> {
        &self.options
    }

    #[inline]
    fn is_resumed(&self) -> bool {
        self.start.is_resumed()
    }

    #[inline]
    fn start<'s>(self, now: Instant) -> Scope<'s>
    where
        'a: 's,
    {
        start_run(self.options, self.start, D::INFO, now)
    }
}

impl<D, M, S> fmt::Debug for Invocation<'_, D, M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocation")
            .field("limits", &self.options.limits.all)
            .field("max_turns", &self.options.limits.max_turns)
            .finish_non_exhaustive()
    }
}
