//! Agents. An agent combines a model with a struct annotated with `#[agent]`.
//!
//! The chapter [Agents](crate::guide::agents) is an introduction.

mod call_outcomes;
mod calls;
mod checks;
mod declared;
mod declared_tools;
mod delegates;
mod driver;
mod environment;
mod erased;
mod erased_invocation;
mod failures;
mod gather;
mod in_session;
mod invocation;
mod member;
mod nested;
mod nested_slots;
mod observed;
mod options;
mod outcome;
pub(crate) mod output;
mod owned;
mod parts;
mod running;
#[cfg(feature = "schemars")]
mod schemars_output;
mod scope;
mod sink;
mod stream;
mod unstarted;
mod watch;

pub use declared::{AgentInfo, Declared};
pub use delegates::{Delegate, Delegates, NoAgents};
pub use erased::{DynAgent, ErasedAgent};
pub use erased_invocation::ErasedInvocation;
pub use in_session::InSession;
pub use invocation::Invocation;
pub use member::{Member, MemberInfo};
pub use observed::Observed;
pub use options::{NoInput, Start};
pub use outcome::{Outcome, OutcomeExt};
pub use owned::{IntoRun, OwnedInvocation};
pub use running::Work;
#[cfg(feature = "schemars")]
pub use schemars_output::SchemarsOutput;
pub use stream::{Ended, RunStream};

use declared::forward_declared;

use std::fmt;
use std::future::Future;

use tokio_util::sync::CancellationToken;

use crate::message::Message;
use crate::model::Model;
use crate::observe::Observer;
use crate::provider::AnyModel;
use crate::run::{Answer, Result, Run};
use crate::session::Session;

/// A declaration bound to a model.
///
/// An agent is a plain value that can be shared by reference. It is no larger than the struct and the model handle, and
/// creating it does not allocate. In a server, create an agent per incoming request and store the request's
/// dependencies in the struct's fields.
///
/// ```
/// use agno::prelude::*;
/// use agno::model::ScriptedModel;
///
/// /// Greets people.
/// #[agent(instructions = "Greet in {language}.")]
/// struct Greeter { language: &'static str }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let agent = Greeter { language: "French" }.with(ScriptedModel::new().reply("Bonjour !"));
/// assert_eq!(agent.run("Hello").await?.text(), "Bonjour !");
/// # Ok(())
/// # }
/// ```
///
/// The type of the model is [`AnyModel`] unless it is named. A struct that stores such an agent accepts every model, so
/// a test can replace the real one:
///
/// ```
/// use agno::AnyModel;
/// use agno::prelude::*;
/// use agno::model::ScriptedModel;
///
/// /// Helps customers.
/// #[agent]
/// struct Support;
///
/// /// The state of a web service, which creates its agent with `Support.agent()?`.
/// struct State { agent: Agent<Support> }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let model = AnyModel::from(ScriptedModel::new().reply("How can I help you?"));
/// let state = State { agent: Support.with(model) };
/// assert_eq!(state.agent.run("Hello").await?.text(), "How can I help you?");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct Agent<D, M = AnyModel> {
    declaration: D,
    model: M,
}

impl<D: Declared, M: Model> Agent<D, M> {
    pub(crate) const fn new(declaration: D, model: M) -> Self {
        Self { declaration, model }
    }

    /// Returns the declaration, which is the annotated struct.
    pub const fn declaration(&self) -> &D {
        &self.declaration
    }

    /// Returns the model of the agent.
    pub const fn model(&self) -> &M {
        &self.model
    }

    /// Returns the name, description and limits of the agent, which are known at compile time.
    pub const fn info(&self) -> &'static AgentInfo {
        D::INFO
    }

    /// Prepares a run with its own session, settings or limits.
    ///
    /// ```
    /// use agno::model::{ScriptedModel, Settings};
    /// use agno::prelude::*;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(ScriptedModel::new().reply("Four."));
    /// let exact = Settings::new().with_temperature(0.0);
    /// let answer = agent.invoke().settings(&exact).max_turns(1).run("Two plus two?").await?;
    /// assert_eq!(answer.text(), "Four.");
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn invoke(&self) -> Invocation<'_, D, M> {
        Invocation::new(self)
    }

    /// Runs the agent with an input message.
    ///
    /// # Errors
    ///
    /// Returns an error when the model fails or refuses to answer, when the run reaches its limits, when the answer
    /// does not match the output type, when calls wait for a decision, or when the agent is configured incorrectly;
    /// see [`ErrorKind`](crate::ErrorKind). The error contains the run so far.
    #[inline]
    pub fn run(
        &self,
        input: impl Into<Message>,
    ) -> impl Future<Output = Result<Answer<D::Output>>> + Work<Output = D::Output> + Send {
        self.invoke().run(input)
    }

    /// Sets the input message. The future of [`run`](Invocation::run) then borrows the agent but not the input.
    #[inline]
    pub fn input(&self, input: impl Into<Message>) -> Invocation<'_, D, M, Start> {
        self.invoke().input(input)
    }

    /// Runs the agent with an input message and streams the events.
    pub fn stream(&self, input: impl Into<Message>) -> RunStream<'_, D::Output> {
        self.invoke().stream(input)
    }

    /// Resumes a run that stopped or paused, for example after an error, a cancellation or a decision. The run may come
    /// from another machine. Calls that have a result are not repeated.
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
    /// let agent = Assistant.with(ScriptedModel::new().fault(ModelErrorKind::Overloaded).reply("Hello."));
    /// let error = agent.run("Hi").await.unwrap_err();
    /// assert!(error.is_retryable());
    /// if let Some(run) = error.into_run() {
    ///     assert_eq!(agent.resume(run).await?.text(), "Hello.");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`run`](Self::run).
    pub fn resume(
        &self,
        run: Run,
    ) -> impl Future<Output = Result<Answer<D::Output>>> + Work<Output = D::Output> + Send + use<'_, D, M>
    {
        self.invoke().resume(run)
    }

    /// Prepares a run in a session.
    pub fn session<'a>(&'a self, session: &'a mut Session) -> Invocation<'a, D, M> {
        self.invoke().session(session)
    }

    /// Prepares a run that the token can cancel.
    ///
    /// ```
    /// use agno::model::ScriptedModel;
    /// use agno::model::scripted::Turn;
    /// use agno::prelude::*;
    /// use agno::{CancellationToken, ErrorKind};
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let agent = Assistant.with(ScriptedModel::new().turn(Turn::hang()));
    /// let token = CancellationToken::new();
    /// let stop = async { token.cancel() };
    /// let (outcome, ()) = tokio::join!(agent.cancellation(&token).run("Hi"), stop);
    /// assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
    /// # }
    /// ```
    pub fn cancellation<'a>(&'a self, token: &'a CancellationToken) -> Invocation<'a, D, M> {
        self.invoke().cancellation(token)
    }

    /// Adds an observer, which receives the events of the agent's runs and of the runs of the agents that it calls.
    ///
    /// ```
    /// use agno::model::ScriptedModel;
    /// use agno::observe::{Observation, ObservedRun, Observer};
    /// use agno::prelude::*;
    ///
    /// struct Log;
    ///
    /// impl Observer for Log {
    ///     fn observe(&self, run: &ObservedRun<'_>, event: &Observation<'_>) {
    ///         println!("{}: {event:?}", run.agent);
    ///     }
    /// }
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(ScriptedModel::new().reply("Hello.")).observe(Log);
    /// assert_eq!(agent.run("Hi").await?.text(), "Hello.");
    /// # Ok(())
    /// # }
    /// ```
    pub fn observe<O: Observer>(self, observer: O) -> Agent<Observed<D, O>, M> {
        Agent::new(Observed::new(self.declaration, observer), self.model)
    }

    /// Erases the type of the agent, so that agents can be selected at run time.
    pub fn erase<'a>(self) -> ErasedAgent<'a>
    where
        D: 'a,
        M: 'a,
        D::Output: serde::Serialize,
    {
        ErasedAgent::new(self)
    }
}

impl<D: Declared, M: Model> fmt::Debug for Agent<D, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent")
            .field("name", &D::INFO.name)
            .field("model", &format_args!("{}", self.model.id()))
            .finish_non_exhaustive()
    }
}
