//! Agents whose type is known only at run time.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;

use super::invocation::Start;
use super::{Agent, AgentInfo, Declared};
use crate::message::Message;
use crate::model::Model;
use crate::run::{Answer, Error, ErrorKind, Result, Run};
use crate::session::Session;

/// A type-erased agent, for registries and for selection by name. Typed outputs become JSON.
///
/// ```
/// use agno::prelude::*;
/// use agno::model::ScriptedModel;
///
/// /// Answers in verse.
/// #[agent]
/// struct Poet;
///
/// /// Answers in prose.
/// #[agent]
/// struct Writer;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let agents = [
///     Poet.with(ScriptedModel::new().reply("Roses are red.")).erase(),
///     Writer.with(ScriptedModel::always(agno::model::Reply::text("Roses are flowers."))).erase(),
/// ];
/// let poet = agents.iter().find(|agent| agent.info().name == "Poet").expect("the list contains `Poet`");
/// assert_eq!(poet.run("Say something about roses.").await?.text(), "Roses are red.");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct DynAgent(Arc<dyn ErasedAgent>);

/// A dyn-compatible [`Agent`], with boxed futures and JSON outputs.
trait ErasedAgent: Send + Sync {
    fn info(&self) -> &'static AgentInfo;
    fn run<'a>(
        &'a self,
        start: Start,
        session: Option<&'a mut Session>,
    ) -> BoxFuture<'a, Result<Answer<Value>>>;
}

impl<D: Declared, M: Model> ErasedAgent for Agent<D, M>
where
    D::Output: Serialize,
{
    fn info(&self) -> &'static AgentInfo {
        D::INFO
    }

    fn run<'a>(
        &'a self,
        start: Start,
        session: Option<&'a mut Session>,
    ) -> BoxFuture<'a, Result<Answer<Value>>> {
        Box::pin(async move {
            let mut invocation = self.invoke();
            if let Some(session) = session {
                invocation = invocation.session(session);
            }
            let answer = match start {
                Start::Input(input) => invocation.run(input).await?,
                Start::Run(run) => invocation.resume(*run).await?,
            };
            let output = serde_json::to_value(&answer.output).map_err(|error| {
                Error::new(
                    ErrorKind::Output,
                    "the agent's output could not be serialized as JSON",
                )
                .with_source(error)
            })?;
            Ok(answer.map(|_| output))
        })
    }
}

impl DynAgent {
    /// Erases the type of an agent.
    pub fn new<D: Declared + 'static, M: Model + 'static>(agent: Agent<D, M>) -> Self
    where
        D::Output: Serialize,
    {
        Self(Arc::new(agent))
    }

    /// Returns the name, description and limits of the agent.
    pub fn info(&self) -> &'static AgentInfo {
        self.0.info()
    }

    /// Runs the agent with an input message.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Agent::run`], and an error of kind [`ErrorKind::Output`] when the output cannot be
    /// serialized as JSON.
    pub async fn run(&self, input: impl Into<Message>) -> Result<Answer<Value>> {
        self.0.run(Start::Input(input.into()), None).await
    }

    /// Runs the agent with an input message in a session.
    ///
    /// ```
    /// use agno::model::ScriptedModel;
    /// use agno::prelude::*;
    ///
    /// /// Answers.
    /// #[agent]
    /// struct Assistant;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let agent = Assistant.with(ScriptedModel::new().reply("Hello, Ada.")).erase();
    /// let mut session = Session::new(Owner::shared());
    /// agent.run_in(&mut session, "I am Ada.").await?;
    /// assert_eq!(session.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`run`](Self::run).
    pub async fn run_in(&self, session: &mut Session, input: impl Into<Message>) -> Result<Answer<Value>> {
        self.0.run(Start::Input(input.into()), Some(session)).await
    }

    /// Resumes a run that stopped or paused.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`run`](Self::run).
    pub async fn resume(&self, run: Run) -> Result<Answer<Value>> {
        self.0.run(Start::Run(Box::new(run)), None).await
    }

    /// Resumes a stopped or paused run in a session.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`run`](Self::run).
    pub async fn resume_in(&self, session: &mut Session, run: Run) -> Result<Answer<Value>> {
        self.0.run(Start::Run(Box::new(run)), Some(session)).await
    }
}

impl fmt::Debug for DynAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynAgent").field(&self.info().name).finish()
    }
}
