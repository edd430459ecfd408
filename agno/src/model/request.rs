//! Requests to a model. They borrow from the agent, the session and the run, so that creating a request copies nothing.

use std::fmt;

use super::{ModelEvent, ModelListener, Settings};
use crate::message::{History, Message};
use crate::schema::{AnyDialect, Dialect, Rendered, SchemaRef};

/// One request to a model.
///
/// ```
/// use agno::Message;
/// use agno::model::{Request, Settings};
///
/// let question = [Message::user("What is the capital of Norway?")];
/// let settings = Settings::new().with_max_tokens(100);
/// let request = Request::new(&question).with_instructions("Be brief.").with_settings(&settings);
/// assert_eq!(request.messages.len(), 1);
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Request<'a> {
    /// Instructions that precede the conversation; may be empty.
    pub instructions: &'a str,
    /// Messages of the conversation.
    pub messages: Messages<'a>,
    /// Tools that the model may call.
    pub tools: Tools<'a>,
    /// Controls whether the model calls tools.
    pub tool_choice: ToolChoice<'a>,
    /// Schema of the answer, if the answer is structured.
    pub output: Option<OutputSchema<'a>>,
    /// Sampling parameters, limits and other settings.
    pub settings: &'a Settings,
    /// Receiver of the layers' events.
    pub(crate) listener: Option<&'a dyn ModelListener>,
}

impl<'a> Request<'a> {
    /// Creates a request with this conversation, without instructions or tools.
    pub fn new(messages: impl Into<Messages<'a>>) -> Self {
        Self {
            instructions: "",
            messages: messages.into(),
            tools: Tools::none(),
            tool_choice: ToolChoice::Auto,
            output: None,
            settings: Settings::default_ref(),
            listener: None,
        }
    }

    /// Sets the instructions.
    #[must_use]
    pub const fn with_instructions(mut self, instructions: &'a str) -> Self {
        self.instructions = instructions;
        self
    }

    /// Sets the tools.
    #[must_use]
    pub const fn with_tools(mut self, tools: Tools<'a>) -> Self {
        self.tools = tools;
        self
    }

    /// Sets the tool choice.
    #[must_use]
    pub const fn with_tool_choice(mut self, choice: ToolChoice<'a>) -> Self {
        self.tool_choice = choice;
        self
    }

    /// Sets the schema of the answer.
    #[must_use]
    pub const fn with_output(mut self, output: Option<OutputSchema<'a>>) -> Self {
        self.output = output;
        self
    }

    /// Sets the model settings.
    #[must_use]
    pub const fn with_settings(mut self, settings: &'a Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Sets the receiver of the events of the layers that the request passes. It replaces an earlier receiver.
    #[must_use]
    pub const fn with_listener(mut self, listener: &'a dyn ModelListener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Reports an event to the receiver of this request, if there is one. Layers call this method.
    #[inline]
    pub fn report(&self, event: &ModelEvent<'_>) {
        if let Some(listener) = self.listener {
            listener.on_event(event);
        }
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

/// The messages of a request: the history of a session, the context of the run, the messages of the run, and a closing
/// message for this turn only.
///
/// ```
/// use agno::{Message, Session};
/// use agno::model::Messages;
/// use agno::session::Owner;
///
/// let mut session = Session::new(Owner::shared());
/// session.push("My name is Ada.");
/// let run = [Message::user("Who am I?")];
/// let messages = Messages::new(&run).with_history(session.visible());
/// assert_eq!(messages.iter().map(|message| message.text()).collect::<Vec<_>>(), ["My name is Ada.", "Who am I?"]);
/// ```
#[derive(Clone, Copy, Default)]
pub struct Messages<'a> {
    history: History<'a>,
    context: Option<&'a Message>,
    run: &'a [Message],
    closing: Option<&'a Message>,
}

impl<'a> Messages<'a> {
    /// Creates the messages of a request without a history.
    pub const fn new(messages: &'a [Message]) -> Self {
        Self {
            history: History::EMPTY,
            context: None,
            run: messages,
            closing: None,
        }
    }

    /// Sets the history that precedes the messages.
    #[must_use]
    pub const fn with_history(mut self, history: History<'a>) -> Self {
        self.history = history;
        self
    }

    /// Sets a message with context, which precedes the messages.
    #[must_use]
    pub(crate) const fn with_context(mut self, context: Option<&'a Message>) -> Self {
        self.context = context;
        self
    }

    /// Sets a closing message, which is sent with this request only.
    #[must_use]
    pub(crate) const fn with_closing(mut self, closing: Option<&'a Message>) -> Self {
        self.closing = closing;
        self
    }

    /// Iterates over all messages, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &'a Message> + Clone + use<'a> {
        self.history
            .iter()
            .chain(self.context)
            .chain(self.run)
            .chain(self.closing)
    }

    /// Returns the number of messages.
    pub fn len(&self) -> usize {
        let others = usize::from(self.context.is_some()) + usize::from(self.closing.is_some());
        self.history.len() + self.run.len() + others
    }

    /// Returns `true` if there are no messages.
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
    /// Creates an empty list of tools.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Creates a list of tools from their declarations.
    pub const fn new(declarations: &'a dyn Declarations) -> Self {
        Self(Some(declarations))
    }

    /// Returns `true` if there are no tools.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of tools.
    pub fn len(&self) -> usize {
        self.0.map_or(0, Declarations::len)
    }

    /// Calls `visit` for each tool, in declaration order. The declaration is a JSON object in `dialect`.
    ///
    /// `dialect` must be the model's own. If the model's type determines the dialect, the program contains declarations
    /// in that dialect only, and `dialect` is ignored.
    pub fn for_each(&self, dialect: impl Dialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
        if let Some(declarations) = self.0 {
            declarations.for_each(dialect.any(), visit);
        }
    }

    /// Returns the names in declaration order.
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

/// Tool declarations, as sent to a model.
///
/// ```
/// use agno::model::{Declarations, ToolDeclaration, Tools};
/// use agno::schema::AnyDialect;
///
/// struct Clock;
///
/// impl Declarations for Clock {
///     fn len(&self) -> usize { 1 }
///     fn for_each(&self, _dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>)) {
///         visit(ToolDeclaration::new("now", "Current time.", r#"{"name":"now","description":"Current time."}"#));
///     }
/// }
/// assert_eq!(Tools::new(&Clock).names(), ["now"]);
/// ```
pub trait Declarations: Sync {
    /// Returns the number of tools.
    fn len(&self) -> usize;

    /// Returns `true` if there are no tools.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `visit` for each tool, in order, with its declaration in this dialect.
    fn for_each(&self, dialect: AnyDialect, visit: &mut dyn FnMut(ToolDeclaration<'_>));
}

/// A tool declaration, as sent to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolDeclaration<'a> {
    /// Name of the tool, which matches `^[a-zA-Z0-9_-]{1,64}$`.
    pub name: &'a str,
    /// Description of the tool, which the model reads.
    pub description: &'a str,
    /// Complete declaration, including the name and description, as a JSON object in the requested dialect.
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

/// Controls whether the model calls tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ToolChoice<'a> {
    /// The model may call tools.
    #[default]
    Auto,
    /// The model must call at least one tool.
    Required,
    /// The model must not call tools. The tools remain declared so that the model understands earlier calls.
    None,
    /// The model must call this tool.
    Tool(&'a str),
}

/// Schema of an answer.
///
/// ```
/// use agno::Message;
/// use agno::model::{OutputSchema, Request};
/// use agno::schema::dialect;
///
/// // The declaration is in the dialect of the model that receives the request.
/// let city = OutputSchema::new("city", r#"{"name":"city","schema":{"type":"object"}}"#, None);
/// let question = [Message::user("Where?")];
/// let request = Request::new(&question).with_output(Some(city));
/// assert!(request.output.unwrap().declaration(dialect::JsonSchema).contains("object"));
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct OutputSchema<'a> {
    /// Name of the schema, which matches `^[a-zA-Z0-9_-]{1,64}$`.
    pub name: &'a str,
    /// The schema as a tree, if available.
    pub schema: Option<SchemaRef>,
    declaration: Declaration<'a>,
}

/// A declaration in a single dialect, or in any requested dialect.
#[derive(Clone, Copy)]
enum Declaration<'a> {
    One(&'a str),
    Any(fn(AnyDialect) -> &'static str),
    #[cfg(feature = "schemars")]
    Lazy(&'a dyn Lazy),
}

/// A schema that is rendered on first use.
#[cfg(feature = "schemars")]
pub(crate) trait Lazy: Sync {
    /// Returns the complete declaration in this dialect.
    fn declaration(&self, dialect: AnyDialect) -> &str;
}

impl<'a> OutputSchema<'a> {
    /// Creates a schema with this name. `declaration` is a JSON object with `name` and `schema`, in the dialect of the
    /// model that receives the request.
    pub const fn new(name: &'a str, declaration: &'a str, schema: Option<SchemaRef>) -> Self {
        Self {
            name,
            schema,
            declaration: Declaration::One(declaration),
        }
    }

    /// Creates a schema that was rendered at compile time, for a model with this dialect.
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

    /// Creates a schema that is rendered on first use.
    #[cfg(feature = "schemars")]
    pub(crate) const fn lazy(name: &'a str, declaration: &'a dyn Lazy) -> Self {
        Self {
            name,
            schema: None,
            declaration: Declaration::Lazy(declaration),
        }
    }

    /// Returns `true` if agno rendered the declaration in the model's dialect, and `false` if it is user-defined JSON
    /// Schema.
    #[cfg(feature = "gemini")]
    pub(crate) const fn is_in_dialect(&self) -> bool {
        #[cfg(feature = "schemars")]
        if matches!(self.declaration, Declaration::Lazy(_)) {
            return true;
        }
        self.schema.is_some()
    }

    /// Returns the complete declaration as a JSON object with `name` and `schema`. `dialect` must be the model's own,
    /// as with [`Tools::for_each`].
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
