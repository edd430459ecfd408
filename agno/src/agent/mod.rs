//! Agents: a declaration (what `#[agent]` makes of a struct), bound to a model, run or streamed.

mod calls;
mod declared;
mod driver;
mod dyn_agent;
mod invocation;
mod outcome;
pub(crate) mod output;
#[cfg(feature = "schemars")]
mod schemars_output;
mod scope;
mod sink;
mod stream;

pub use declared::{AgentInfo, Declared};
pub use dyn_agent::DynAgent;
pub use invocation::Invocation;
pub use outcome::{Outcome, OutcomeExt};
#[cfg(feature = "schemars")]
pub use schemars_output::SchemarsOutput;
pub use stream::RunStream;

use std::fmt;
use std::future::Future;

use tokio_util::sync::CancellationToken;

use crate::message::Message;
use crate::model::Model;
use crate::run::{Answer, Result, Run};
use crate::session::Session;

/// A declaration with the model it runs on.
///
/// It is a value like any other: no bigger than the struct's fields and the model's handle, made without an
/// allocation, shared by reference. Make one per request, with that request's dependencies in its fields.
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
#[derive(Clone, Copy)]
pub struct Agent<D, M> {
    declaration: D,
    model: M,
}

impl<D: Declared, M: Model> Agent<D, M> {
    pub(crate) const fn new(declaration: D, model: M) -> Self {
        Self { declaration, model }
    }

    /// The declaration: the struct that was annotated.
    pub const fn declaration(&self) -> &D {
        &self.declaration
    }

    /// The model it runs on.
    pub const fn model(&self) -> &M {
        &self.model
    }

    /// What is known of the agent at compile time: its name, description and limits.
    pub const fn info(&self) -> &'static AgentInfo {
        D::INFO
    }

    /// One use of the agent, to be given a session, settings or limits of its own.
    #[inline]
    pub fn invoke(&self) -> Invocation<'_, D, M> {
        Invocation::new(self)
    }

    /// Answers an input.
    ///
    /// # Errors
    ///
    /// When the model fails, the limits are reached or the answer does not fit; the run so far is in the error.
    #[inline]
    pub fn run(&self, input: impl Into<Message>) -> impl Future<Output = Result<Answer<D::Output>>> + Send {
        self.invoke().run(input)
    }

    /// Answers an input and tells what happens on the way.
    pub fn stream(&self, input: impl Into<Message>) -> RunStream<'_, D::Output> {
        self.invoke().stream(input)
    }

    /// Goes on with a run that stopped or paused: after an error, a cancellation, a decision, or on another machine. Calls
    /// that have a result are not made again.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn resume(&self, run: Run) -> impl Future<Output = Result<Answer<D::Output>>> + Send {
        self.invoke().resume(run)
    }

    /// One use of the agent in this session.
    pub fn session<'a>(&'a self, session: &'a mut Session) -> Invocation<'a, D, M> {
        self.invoke().session(session)
    }

    /// One use of the agent until this token is cancelled.
    pub fn cancellation<'a>(&'a self, token: &'a CancellationToken) -> Invocation<'a, D, M> {
        self.invoke().cancellation(token)
    }

    /// The same agent behind a pointer, for where its type is known only at run time.
    pub fn erase(self) -> DynAgent
    where
        D: 'static,
        M: 'static,
        D::Output: serde::Serialize,
    {
        DynAgent::new(self)
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
