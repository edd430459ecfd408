//! What `#[agent]` makes of a struct: constants, and the few functions that need its fields.

use std::borrow::Cow;

use crate::model::{Model, ModelError, OutputSchema, Serves};
use crate::run::{Limits, Result};
use crate::schema::Dialect;
use crate::tool::Toolset;

use super::Agent;

/// What is known of an agent when the program compiles.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct AgentInfo {
    /// Its name; the struct's, unless the attribute says another.
    pub name: &'static str,
    /// What it is for, from the struct's doc comment; may be empty.
    pub description: &'static str,
    /// What bounds its runs.
    pub limits: Limits,
}

impl AgentInfo {
    /// An agent of this name that does this.
    pub const fn new(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            description,
            limits: Limits::DEFAULT,
        }
    }

    /// With these limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// A struct that declares an agent. `#[agent]` writes this trait; it can be written by hand.
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
    /// Its name, description and limits.
    const INFO: &'static AgentInfo;

    /// What a model must be able to do to serve it, see [`Serves`].
    type Needs;

    /// What it answers beside text: the type of `output = ...`, or `()`.
    type Output: Send;

    /// The model it runs on when no other is given: of `model = "..."`, or the one the environment names.
    type Model: Model + Serves<Self::Needs>;

    /// Makes that model.
    ///
    /// # Errors
    ///
    /// When no model is named, or the named one cannot be made: a missing key, an unknown provider.
    fn default_model(&self) -> Result<Self::Model, ModelError>;

    /// What the model is told before the conversation.
    fn instructions(&self) -> Cow<'_, str>;

    /// Its tools.
    fn tools(&self) -> impl Toolset + '_;

    /// The shape of its answer in this dialect, if it has one.
    fn output_schema<D: Dialect>(_dialect: D) -> Option<OutputSchema<'static>> {
        None
    }

    /// Reads an answer of that shape.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words a model can act on.
    fn parse_output(text: &str) -> Result<Self::Output, String>;

    /// The agent on this model.
    fn with<M: Serves<Self::Needs>>(self, model: M) -> Agent<Self, M> {
        Agent::new(self, model)
    }

    /// The agent on its own model: of `model = "..."`, or the one the environment variable `AGNO_MODEL` names.
    ///
    /// # Errors
    ///
    /// When no model is named, or the named one cannot be made; the error says how to mend it.
    fn agent(self) -> Result<Agent<Self, Self::Model>> {
        let model = self.default_model()?;
        Ok(Agent::new(self, model))
    }
}
