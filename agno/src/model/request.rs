//! What a model is asked: borrowed from the agent, the session and the run, so that asking copies nothing.

use std::fmt;

use super::Settings;
use crate::message::{History, Message};
use crate::schema::{AnyDialect, Dialect, Rendered, SchemaRef};

/// One request to a model.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Request<'a> {
    /// What the agent is told before the conversation; may be empty.
    pub instructions: &'a str,
    /// The conversation.
    pub messages: Messages<'a>,
    /// The tools the model may call.
    pub tools: Tools<'a>,
    /// Whether it may, must or must not call one.
    pub tool_choice: ToolChoice<'a>,
    /// The shape the answer must have, if any.
    pub output: Option<OutputSchema<'a>>,
    /// Sampling and limits.
    pub settings: &'a Settings,
}

impl<'a> Request<'a> {
    /// A request of this conversation, without instructions or tools.
    pub fn new(messages: impl Into<Messages<'a>>) -> Self {
        Self {
            instructions: "",
            messages: messages.into(),
            tools: Tools::none(),
            tool_choice: ToolChoice::Auto,
            output: None,
            settings: Settings::default_ref(),
        }
    }

    /// With these instructions.
    #[must_use]
    pub const fn with_instructions(mut self, instructions: &'a str) -> Self {
        self.instructions = instructions;
        self
    }

    /// With these tools.
    #[must_use]
    pub const fn with_tools(mut self, tools: Tools<'a>) -> Self {
        self.tools = tools;
        self
    }

    /// With this choice of tools.
    #[must_use]
    pub const fn with_tool_choice(mut self, choice: ToolChoice<'a>) -> Self {
        self.tool_choice = choice;
        self
    }

    /// With this shape for the answer.
    #[must_use]
    pub const fn with_output(mut self, output: Option<OutputSchema<'a>>) -> Self {
        self.output = output;
        self
    }

    /// With these settings.
    #[must_use]
    pub const fn with_settings(mut self, settings: &'a Settings) -> Self {
        self.settings = settings;
        self
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("messages", &self.messages.len())
            .field("tools", &self.tools)
            .field("tool_choice", &self.tool_choice)
            .field("output", &self.output.map(|output| output.name))
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// The messages of a request: a session's history, then the run's own, then a closing word for this turn only.
#[derive(Clone, Copy, Default)]
pub struct Messages<'a> {
    history: History<'a>,
    run: &'a [Message],
    closing: Option<&'a Message>,
}

impl<'a> Messages<'a> {
    /// These messages.
    pub const fn new(messages: &'a [Message]) -> Self {
        Self {
            history: History::EMPTY,
            run: messages,
            closing: None,
        }
    }

    /// With this history before them.
    #[must_use]
    pub const fn with_history(mut self, history: History<'a>) -> Self {
        self.history = history;
        self
    }

    /// With this message behind them, for this request only.
    #[must_use]
    pub(crate) const fn with_closing(mut self, closing: Option<&'a Message>) -> Self {
        self.closing = closing;
        self
    }

    /// All messages, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &'a Message> + Clone + use<'a> {
        self.history.iter().chain(self.run).chain(self.closing)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.history.len() + self.run.len() + usize::from(self.closing.is_some())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a> From<&'a [Message]> for Messages<'a> {
    fn from(messages: &'a [Message]) -> Self {
        Self::new(messages)
    }
}

impl<'a, const N: usize> From<&'a [Message; N]> for Messages<'a> {
    fn from(messages: &'a [Message; N]) -> Self {
        Self::new(messages)
    }
}

impl fmt::Debug for Messages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The tools of a request, each with its declaration in the model's dialect.
#[derive(Clone, Copy, Default)]
pub struct Tools<'a>(Option<&'a dyn Declarations>);

impl<'a> Tools<'a> {
    /// No tools.
    pub const fn none() -> Self {
        Self(None)
    }

    /// The tools of this list.
    pub const fn new(declarations: &'a dyn Declarations) -> Self {
        Self(Some(declarations))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.map_or(0, Declarations::len)
    }

    /// Calls `visit` with each tool in declaration order. The declaration is a JSON object in this dialect. It must be the model's own: where the model's type says which that is, the others are not in the
    /// program, and the tools come in that one whatever is asked for.
    pub fn for_each(&self, dialect: impl Dialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        if let Some(declarations) = self.0 {
            declarations.for_each(dialect.any(), visit);
        }
    }

    /// The names, in declaration order.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::with_capacity(self.len());
        self.for_each(AnyDialect::JsonSchema, &mut |tool| {
            names.push(tool.name.to_owned());
        });
        names
    }
}

impl fmt::Debug for Tools<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// A list of tools as a model reads them.
pub trait Declarations: Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `visit` with each tool and its declaration in this dialect, in order.
    fn for_each(&self, dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>));
}

/// A tool as a model reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolDeclaration<'a> {
    /// Name of the tool, `^[a-zA-Z0-9_-]{1,64}$`.
    pub name: &'a str,
    /// Purpose of the tool, for the model.
    pub description: &'a str,
    /// The whole declaration, name and description included: a JSON object in the dialect that was asked for.
    pub json: &'a str,
}

impl<'a> ToolDeclaration<'a> {
    /// Creates a declaration from its parts.
    pub const fn new(name: &'a str, description: &'a str, json: &'a str) -> Self {
        Self {
            name,
            description,
            json,
        }
    }
}

/// Whether the model may call tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ToolChoice<'a> {
    /// It may.
    #[default]
    Auto,
    /// It must call at least one.
    Required,
    /// It must not. The tools stay declared, so that earlier calls make sense to it.
    None,
    /// It must call this one.
    Tool(&'a str),
}

/// The shape an answer must have.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct OutputSchema<'a> {
    /// A name for it, `^[a-zA-Z0-9_-]{1,64}$`.
    pub name: &'a str,
    /// The shape as a tree, where it is known to the program.
    pub schema: Option<SchemaRef>,
    declaration: Declaration<'a>,
}

/// A declaration in one dialect, or in the one that is asked for.
#[derive(Clone, Copy)]
enum Declaration<'a> {
    One(&'a str),
    Any(fn(AnyDialect) -> &'static str),
    #[cfg(feature = "schemars")]
    Lazy(&'a dyn Lazy),
}

/// A shape that is rendered when it is first asked for.
#[cfg(feature = "schemars")]
pub(crate) trait Lazy: Sync {
    /// The whole declaration, in this dialect.
    fn declaration(&self, dialect: AnyDialect) -> &str;
}

impl<'a> OutputSchema<'a> {
    /// A shape of this name. `declaration` is a JSON object with `name` and `schema`, in the dialect of the model that
    /// will be asked.
    pub const fn new(name: &'a str, declaration: &'a str, schema: Option<SchemaRef>) -> Self {
        Self {
            name,
            schema,
            declaration: Declaration::One(declaration),
        }
    }

    /// Creates a shape that was rendered at compile time, for a model of this dialect.
    pub fn rendered<R: Rendered, D: Dialect>(name: &'a str, dialect: D, schema: SchemaRef) -> Self {
        let declaration = match D::pick_fn::<R>() {
            Some(pick) => Declaration::Any(pick),
            None => Declaration::One(dialect.pick::<R>()),
        };
        Self {
            name,
            schema: Some(schema),
            declaration,
        }
    }

    /// A shape that is rendered when it is first asked for.
    #[cfg(feature = "schemars")]
    pub(crate) const fn lazy(name: &'a str, declaration: &'a dyn Lazy) -> Self {
        Self {
            name,
            schema: None,
            declaration: Declaration::Lazy(declaration),
        }
    }

    /// Whether the declaration is in the words of the dialect, not JSON Schema as it came.
    #[cfg(feature = "gemini")]
    pub(crate) const fn is_in_dialect(&self) -> bool {
        #[cfg(feature = "schemars")]
        if matches!(self.declaration, Declaration::Lazy(_)) {
            return true;
        }
        self.schema.is_some()
    }

    /// The whole declaration: a JSON object with `name` and `schema`. The dialect must be the model's own, as with
    /// [`Tools::for_each`].
    pub fn declaration(&self, dialect: impl Dialect) -> &'a str {
        match self.declaration {
            Declaration::One(text) => text,
            Declaration::Any(pick) => pick(dialect.any()),
            #[cfg(feature = "schemars")]
            Declaration::Lazy(lazy) => lazy.declaration(dialect.any()),
        }
    }
}

impl fmt::Debug for OutputSchema<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputSchema")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
