//! Agents whose type is known only at run time.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::driver::drive;
use super::environment::DelegateCall;
use super::nested::{Delegated, run_nested};
use super::options::{NoInput, Options, OwnedOptions, Start};
use super::parts::read_json;
use super::sink::{ErasedSink, EventSink};
use super::stream::Ended;
use super::unstarted::ErasedUnstarted;
use super::watch::{Watch, enabled};
use super::{Agent, AgentInfo, Declared, ErasedInvocation, RunStream};
use crate::message::Message;
use crate::model::Model;
use crate::observe::{Observer, is_enabled};
use crate::run::{Answer, Result, Run};
use crate::schema::{AnyDialect, SchemaRef};
use crate::session::Session;
use crate::tool::DynTool;

/// A type-erased agent that may borrow its dependencies for `'a`. Typed outputs become JSON.
///
/// [`Agent::erase`] creates one. [`DynAgent`] is the form that borrows nothing.
///
/// ```
/// use agno::agent::ErasedAgent;
/// use agno::model::ScriptedModel;
/// use agno::prelude::*;
/// use std::collections::HashMap;
///
/// struct Incoming { customer: String }
///
/// /// Helps a customer.
/// #[agent(instructions = "Help {customer}.")]
/// struct Support<'a> { customer: &'a str }
///
/// type Factory = Box<dyn for<'a> Fn(&'a Incoming) -> ErasedAgent<'a> + Send + Sync>;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// // Agents that borrow from a request, created by name:
/// let mut agents: HashMap<&str, Factory> = HashMap::new();
/// agents.insert("support", Box::new(|incoming| {
///     Support { customer: &incoming.customer }.with(ScriptedModel::new().reply("Hello.")).erase()
/// }));
///
/// let incoming = Incoming { customer: "Ada".to_owned() };
/// let agent = agents["support"](&incoming);
/// assert_eq!(agent.run("Hi").await?.text(), "Hello.");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ErasedAgent<'a> {
    agent: Arc<dyn AnyAgent + 'a>,
    observer: Option<SharedObserver<'a>>,
}

type SharedObserver<'a> = Arc<dyn Observer + 'a>;

/// A type-erased agent that borrows nothing, for registries and for selection by name.
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
/// let agents: Vec<DynAgent> = vec![
///     Poet.with(ScriptedModel::new().reply("Roses are red.")).erase(),
///     Writer.with(ScriptedModel::always(agno::model::Reply::text("Roses are flowers."))).erase(),
/// ];
/// let poet = agents.iter().find(|agent| agent.info().name == "Poet").expect("the list contains `Poet`");
/// let mut events = poet.invoke().max_turns(2).stream("Say something about roses.");
/// while let Some(item) = events.next().await {
///     if let Event::Finished { answer, .. } = item?.event {
///         assert_eq!(answer.text(), "Roses are red.");
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub type DynAgent = ErasedAgent<'static>;

/// A dyn-compatible [`Agent`] with JSON outputs. The lifetime of an agent's dependencies is not a parameter of the trait, because `ErasedAgent` would be
/// invariant over it.
pub(super) trait AnyAgent: Send + Sync {
    fn info(&self) -> &'static AgentInfo;

    fn input_schema(&self) -> SchemaRef;

    /// Drives a run. Every way to run an erased agent uses this method. The loop does not depend on the type of the agent, so
    /// the compiler generates it once per type of model.
    fn drive<'i>(
        &'i self,
        options: Options<'i>,
        start: Start,
        sink: ErasedSink<'i>,
    ) -> BoxFuture<'i, Result<Answer<Value>>>;

    fn run_nested<'i>(&'i self, call: DelegateCall<'i, ErasedSink<'i>>) -> BoxFuture<'i, Delegated>;
}

impl<D: Declared, M: Model> AnyAgent for Agent<D, M>
where
    D::Output: Serialize,
{
    fn info(&self) -> &'static AgentInfo {
        D::INFO
    }

    fn input_schema(&self) -> SchemaRef {
        D::INPUT
    }

    fn drive<'i>(
        &'i self,
        options: Options<'i>,
        start: Start,
        sink: ErasedSink<'i>,
    ) -> BoxFuture<'i, Result<Answer<Value>>> {
        let observer = self.declaration.observer();
        drive_erased(
            ErasedUnstarted {
                agent: &self.declaration,
                model: &self.model,
                reader: read_json::<D>,
                observer: is_enabled(&observer).then(|| Box::new(observer) as _),
                options,
                start,
            },
            sink,
        )
    }

    fn run_nested<'i>(&'i self, call: DelegateCall<'i, ErasedSink<'i>>) -> BoxFuture<'i, Delegated> {
        run_nested(&self.declaration, &self.model, call)
    }
}

/// Drives a run, without the type of the agent.
fn drive_erased<'i, M: Model>(
    unstarted: ErasedUnstarted<'i, M, ErasedSink<'i>, Result<Value>>,
    sink: ErasedSink<'i>,
) -> BoxFuture<'i, Result<Answer<Value>>> {
    // Not an `async` block, which would store the run twice.
    Box::pin(drive(unstarted, sink).map(|answer| answer?.transpose()))
}

/// Streams a run of an agent.
pub(super) fn stream<'a>(
    agent: &'a (dyn AnyAgent + 'a),
    options: Options<'a>,
    start: Start,
) -> RunStream<'a, Value> {
    RunStream::new(agent.info().name, |events| async move {
        let sink = ErasedSink(Some(&events));
        Ended::without_session(agent.drive(options, start, sink).await)
    })
}

/// Drives a run that owns its agent and its options.
async fn drive_owned<'a>(
    agent: Arc<dyn AnyAgent + 'a>,
    mut options: OwnedOptions,
    start: Start,
    observer: Option<SharedObserver<'a>>,
    sink: ErasedSink<'_>,
) -> Ended<Value> {
    let lent = Options {
        observer: observer.as_ref(),
        ..options.lend()
    };
    let result = agent.drive(lent, start, sink).await;
    Ended {
        result,
        session: options.session,
    }
}

impl<'a> ErasedAgent<'a> {
    /// Erases the type of an agent.
    pub fn new<D: Declared + 'a, M: Model + 'a>(agent: Agent<D, M>) -> Self
    where
        D::Output: Serialize,
    {
        Self {
            agent: Arc::new(agent),
            observer: None,
        }
    }

    /// Returns the name, description and limits of the agent.
    pub fn info(&self) -> &'static AgentInfo {
        self.agent.info()
    }

    /// Adds an observer, which receives the events of the agent's runs and of the runs of the agents that it calls.
    #[must_use]
    pub fn observe(mut self, observer: impl Observer + 'a) -> Self {
        self.observer = Some(match self.observer {
            None => Arc::new(observer),
            Some(first) => Arc::new((first, observer)),
        });
        self
    }

    /// Prepares a run with its own session, settings or limits, as [`Agent::invoke`] does.
    pub fn invoke(&self) -> ErasedInvocation<'_> {
        ErasedInvocation {
            agent: &*self.agent,
            options: Options {
                observer: self.observer.as_ref(),
                ..Options::NONE
            },
            start: NoInput,
        }
    }

    /// Prepares a run with an input message.
    pub fn input(&self, input: impl Into<Message>) -> ErasedInvocation<'_, Start> {
        self.invoke().input(input)
    }

    /// Runs the agent with an input message.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Agent::run`], and an error of kind [`Output`](crate::ErrorKind::Output) when the output
    /// cannot be serialized as JSON.
    pub fn run(&self, input: impl Into<Message>) -> BoxFuture<'_, Result<Answer<Value>>> {
        self.invoke().run(input)
    }

    /// Runs the agent with an input message and streams the events.
    pub fn stream(&self, input: impl Into<Message>) -> RunStream<'_, Value> {
        self.invoke().stream(input)
    }

    /// Resumes a run that stopped or paused.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`run`](Self::run).
    pub fn resume(&self, run: Run) -> BoxFuture<'_, Result<Answer<Value>>> {
        self.invoke().resume(run)
    }

    /// Prepares a run in a session.
    pub fn session<'i>(&'i self, session: &'i mut Session) -> ErasedInvocation<'i> {
        self.invoke().session(session)
    }

    /// Prepares a run that the token can cancel.
    pub fn cancellation<'i>(&'i self, token: &'i CancellationToken) -> ErasedInvocation<'i> {
        self.invoke().cancellation(token)
    }

    pub(super) fn run_owned(self, options: OwnedOptions, start: Start) -> BoxFuture<'a, Ended<Value>> {
        Box::pin(drive_owned(
            self.agent,
            options,
            start,
            self.observer,
            ErasedSink(None),
        ))
    }

    pub(super) fn stream_owned(self, options: OwnedOptions, start: Start) -> RunStream<'a, Value> {
        RunStream::new(self.info().name, |events| async move {
            let sink = ErasedSink(Some(&events));
            drive_owned(self.agent, options, start, self.observer, sink).await
        })
    }

    /// Runs the agent as a part of another run.
    pub(super) async fn run_nested<S: EventSink>(&self, call: DelegateCall<'_, S>) -> Delegated {
        let caller = call.environment.watch;
        let observers = (self.observer.as_deref(), caller.observer);
        let watch = Watch {
            observer: enabled(&observers),
            agent: caller.agent,
            path: caller.path,
        };
        let sink = call.environment.sink.erased();
        let environment = call.environment.with_sink(&sink).with_watch(&watch);
        self.agent.run_nested(call.with_environment(&environment)).await
    }
}

impl DynTool {
    /// Creates a tool that is an agent, for agents that are known only at run time. The calling model reads the agent's
    /// description. The agent's run is a part of the run that calls it: its events are in the same stream, its usage is
    /// counted, and it can pause.
    ///
    /// ```
    /// use agno::model::ScriptedModel;
    /// use agno::prelude::*;
    /// use agno::tool::{DynTool, DynTools};
    ///
    /// /// Finds facts.
    /// #[agent]
    /// struct Researcher;
    ///
    /// /// Answers questions.
    /// #[agent(tools = [self.experts])]
    /// struct Desk { experts: DynTools }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> agno::Result<()> {
    /// let researcher = Researcher.with(ScriptedModel::new().reply("42 is even.")).erase();
    /// let experts = DynTools::new().with_tool(DynTool::agent("research", researcher)?)?;
    /// let model = ScriptedModel::new().call("research", r#"{"task":"Is 42 even?"}"#).reply("Yes.");
    /// let answer = Desk { experts }.with(model).run("Is 42 even?").await?;
    /// assert_eq!(answer.calls().next().unwrap().result_text(), "42 is even.");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Configuration`](crate::ErrorKind::Configuration) when the name does not match
    /// `^[a-zA-Z0-9_-]{1,64}$`, or when the agent has no description.
    pub fn agent(name: impl Into<String>, agent: DynAgent) -> Result<Self> {
        let description = agent.info().description.to_owned();
        let schema = agent.agent.input_schema().to_json(AnyDialect::JsonSchema);
        let parameters = serde_json::from_str(&schema).unwrap_or_else(|_| json!({"type": "object"}));
        Self::from_delegate(name.into(), description, parameters, Box::new(agent))
    }
}

impl fmt::Debug for ErasedAgent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ErasedAgent").field(&self.info().name).finish()
    }
}
