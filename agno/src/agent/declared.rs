//! The trait that `#[agent]` implements for a struct, with constants and the few functions that use the fields.

use std::borrow::Cow;

use serde::Deserialize;

use super::delegates::{Delegates, NoAgents, TASK};
use super::{Agent, Observed};
use crate::context::{Contexts, NoContext};
use crate::message::{Message, ToolResult};
use crate::model::{Model, ModelError, OutputSchema, Serves};
use crate::observe::{NoObserver, Observer};
use crate::run::{Limits, Result};
use crate::schema::{Dialect, Schema, SchemaRef};
use crate::tool::{Toolset, decode};

/// The properties of an agent that are known at compile time.
///
/// ```
/// use agno::agent::AgentInfo;
/// use agno::prelude::*;
///
/// /// Answers questions about the weather.
/// #[agent(max_turns = 4)]
/// struct Forecaster;
///
/// const INFO: &AgentInfo = Forecaster::INFO;
/// assert_eq!((INFO.name, INFO.description), ("Forecaster", "Answers questions about the weather."));
/// assert_eq!(INFO.limits.max_turns, 4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct AgentInfo {
    /// The name of the agent; by default, the name of the struct.
    pub name: &'static str,
    /// The purpose of the agent, from the struct's doc comment; may be empty.
    pub description: &'static str,
    /// The limits of the agent's runs.
    pub limits: Limits,
}

impl AgentInfo {
    /// Creates the description of an agent from its name and purpose, with the default limits.
    pub const fn new(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            description,
            limits: Limits::DEFAULT,
        }
    }

    /// Sets the limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// A struct that declares an agent. `#[agent]` implements this trait; you can also implement it by hand.
///
/// There is no `dyn Declared`. For agents behind a pointer, [`Agent::erase`] returns a [`DynAgent`](super::DynAgent).
///
/// ```
/// use agno::agent::{AgentInfo, Declared};
/// use agno::AnyModel;
/// use agno::model::{NeedsNothing, ModelError, ScriptedModel};
/// use agno::tool::{NoTools, ToolSpec, Toolset};
/// use std::borrow::Cow;
///
/// struct Greeter { language: String }
///
/// impl Declared for Greeter {
///     const INFO: &'static AgentInfo = &AgentInfo::new("Greeter", "Greets people.");
///     type Needs = NeedsNothing;
///     type Output = ();
///     type Model = AnyModel;
///     fn default_model(&self) -> Result<AnyModel, ModelError> { AnyModel::from_env() }
///     fn instructions(&self) -> Cow<'_, str> { format!("Greet in {}.", self.language).into() }
///     fn tools(&self) -> impl Toolset + '_ { NoTools }
///     fn parse_output(_text: &str) -> Result<(), String> { Ok(()) }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::Result<()> {
/// let agent = Greeter { language: "French".into() }.with(ScriptedModel::new().reply("Bonjour !"));
/// assert_eq!(agent.run("Hello").await?.text(), "Bonjour !");
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare an agent",
    label = "not an agent",
    note = "annotate the struct with `#[agent]`"
)]
pub trait Declared: Send + Sync + Sized {
    /// The name, description and limits of the agent.
    const INFO: &'static AgentInfo;

    /// The capabilities that the agent requires of a model; see [`Serves`].
    type Needs;

    /// The type of the output: the type in `output = ...`, or `()` for text only.
    type Output: Send;

    /// The type of the default model: the type of `model = "..."`, or [`AnyModel`](crate::AnyModel) if the environment
    /// names the model.
    type Model: Model + Serves<Self::Needs>;

    /// Creates the default model.
    ///
    /// # Errors
    ///
    /// Returns an error when no model is named, or when the named model cannot be created, for example because of a
    /// missing key or an unknown provider.
    fn default_model(&self) -> Result<Self::Model, ModelError>;

    /// Returns the instructions, which precede the conversation.
    fn instructions(&self) -> Cow<'_, str>;

    /// Returns the tools of the agent. A run calls this method several times per turn, so return references to tools that
    /// already exist.
    fn tools(&self) -> impl Toolset + '_;

    /// Returns the schema of the typed output in this dialect, or `None` if there is no typed output.
    fn output_schema<D: Dialect>(_dialect: D) -> Option<OutputSchema<'static>> {
        None
    }

    /// Parses an answer into the typed output.
    ///
    /// # Errors
    ///
    /// Returns a message that the model can act on when the answer does not match the output type.
    fn parse_output(text: &str) -> Result<Self::Output, String>;

    /// The schema of the arguments with which another agent calls this one: by default, an object with a `task`.
    const INPUT: SchemaRef = TASK;

    /// Converts the arguments with which another agent calls this one into the input of the run.
    ///
    /// # Errors
    ///
    /// Returns an error result for the calling model when the arguments do not match [`INPUT`](Self::INPUT).
    fn input(arguments: &str) -> Result<Message, ToolResult> {
        decode::<Task>(arguments).map(|task| Message::user(task.task))
    }

    /// Returns the agents that this agent can call.
    fn agents(&self) -> impl Delegates + '_ {
        NoAgents
    }

    /// Returns the providers of the context that accompanies the input.
    fn context(&self) -> impl Contexts + '_ {
        NoContext
    }

    /// Returns the observer of the agent's runs.
    fn observer(&self) -> impl Observer + '_ {
        NoObserver
    }

    /// Adds an observer, which receives the events of the agent's runs and of the runs of the agents that it calls. An
    /// observer that the declaration already has receives each event first.
    fn observe<O: Observer>(self, observer: O) -> Observed<Self, O> {
        Observed::new(self, observer)
    }

    /// Returns a name that identifies the type of the declaration, to detect agents that call themselves. Pointers and
    /// wrappers forward this method.
    #[doc(hidden)]
    fn type_name() -> &'static str {
        std::any::type_name::<Self>()
    }

    /// Creates the agent with a model.
    fn with<M: Serves<Self::Needs>>(self, model: M) -> Agent<Self, M> {
        Agent::new(self, model)
    }

    /// Creates the agent with its default model, which is named by `model = "..."` or by the `AGNO_MODEL`
    /// environment variable.
    ///
    /// # Errors
    ///
    /// Returns an error when no model is named, or when the named model cannot be created. The message contains the
    /// fix.
    fn agent(self) -> Result<Agent<Self, Self::Model>> {
        let model = self.default_model()?;
        Ok(Agent::new(self, model))
    }
}

/// The arguments of a call of an agent without a typed input.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Task {
    task: String,
}

impl Schema for Task {
    const SCHEMA: SchemaRef = TASK;
}

/// Forwards every item of [`Declared`] to another declaration, which `$inner` evaluates to. A wrapper with an observer
/// defines that item itself.
macro_rules! forward_declared {
    ($declared:ident, $this:ident => $inner:expr) => {
        $crate::agent::forward_declared!($declared, $this => $inner; without observer);

        fn observer(&$this) -> impl $crate::observe::Observer + '_ {
            $inner.observer()
        }
    };
    ($declared:ident, $this:ident => $inner:expr; without observer) => {
        const INFO: &'static $crate::agent::AgentInfo = $declared::INFO;
        const INPUT: $crate::schema::SchemaRef = $declared::INPUT;
        type Needs = $declared::Needs;
        type Output = $declared::Output;
        type Model = $declared::Model;

        fn default_model(&$this) -> Result<$declared::Model, $crate::model::ModelError> {
            $inner.default_model()
        }

        fn instructions(&$this) -> std::borrow::Cow<'_, str> {
            $inner.instructions()
        }

        fn tools(&$this) -> impl $crate::tool::Toolset + '_ {
            $inner.tools()
        }

        fn output_schema<X: $crate::schema::Dialect>(
            dialect: X,
        ) -> Option<$crate::model::OutputSchema<'static>> {
            $declared::output_schema(dialect)
        }

        fn parse_output(text: &str) -> Result<$declared::Output, String> {
            $declared::parse_output(text)
        }

        fn input(arguments: &str) -> Result<$crate::message::Message, $crate::message::ToolResult> {
            $declared::input(arguments)
        }

        fn agents(&$this) -> impl $crate::agent::Delegates + '_ {
            $inner.agents()
        }

        fn context(&$this) -> impl $crate::context::Contexts + '_ {
            $inner.context()
        }

        fn type_name() -> &'static str {
            $declared::type_name()
        }
    };
}

pub(super) use forward_declared;
