//! What a model is asked: borrowed from the agent, the session and the run, so that asking copies nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::message::Message;
use crate::schema::SchemaRef;
use crate::session::Chunk;
use crate::tool::ToolSpec;

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
    pub const fn after(mut self, history: History<'a>) -> Self {
        self.history = history;
        self
    }

    /// With this message behind them, for this request only.
    #[must_use]
    pub const fn closed_by(mut self, closing: Option<&'a Message>) -> Self {
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

/// A stretch of a session's history: the chunks that earlier runs left, the first of them cut at its front.
#[derive(Clone, Copy, Default)]
pub struct History<'a> {
    chunks: &'a [Chunk],
    /// Messages of the first chunk that lie before the stretch.
    skip: usize,
}

impl<'a> History<'a> {
    /// Nothing before this run.
    pub const EMPTY: Self = Self { chunks: &[], skip: 0 };

    /// These chunks, without the first `skip` messages of the first.
    pub(crate) const fn new(chunks: &'a [Chunk], skip: usize) -> Self {
        Self { chunks, skip }
    }

    /// The messages, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &'a Message> + Clone + use<'a> {
        self.chunks
            .iter()
            .flat_map(|chunk| chunk.messages.iter())
            .skip(self.skip)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.chunks
            .iter()
            .map(|chunk| chunk.messages.len())
            .sum::<usize>()
            - self.skip
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for History<'_> {
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

    /// Hands each tool to `each`, in declaration order: what it is, and its whole declaration as a JSON object in
    /// the dialect of the model that is asked.
    pub fn each(&self, each: &mut dyn FnMut(ToolSpec<'_>, &str)) {
        if let Some(declarations) = self.0 {
            declarations.each(each);
        }
    }

    /// The names, in declaration order.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::with_capacity(self.len());
        self.each(&mut |spec, _| names.push(spec.name.to_owned()));
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

    /// Hands each tool and its declaration to `each`, in order.
    fn each(&self, each: &mut dyn FnMut(ToolSpec<'_>, &str));
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
    /// The whole declaration in the model's dialect: a JSON object with `name` and `schema`.
    pub declaration: &'a str,
    /// The shape as a tree, where it is known to the program.
    pub schema: Option<SchemaRef>,
}

impl<'a> OutputSchema<'a> {
    /// A shape of this name and declaration.
    pub const fn new(name: &'a str, declaration: &'a str, schema: Option<SchemaRef>) -> Self {
        Self {
            name,
            declaration,
            schema,
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

/// How a model is to answer. What is `None` is left to the provider.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// 0 always picks the likeliest word; higher picks more freely. Providers take 0 to 1 or 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// Picks among the likeliest words that make up this share, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f32>,
    /// The most tokens an answer may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// The same seed asks for the same answer, where the provider can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Words that end the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// Whether one answer may ask for several calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// How hard a reasoning model thinks, in the provider's words (`low`, `medium`, `high`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<String>,
    /// Any other field, put into the request's body as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<(String, serde_json::Value)>,
}

impl Settings {
    /// Everything left to the provider.
    pub const fn new() -> Self {
        Self {
            temperature: None,
            top_p: None,
            max_tokens: None,
            seed: None,
            stop: Vec::new(),
            parallel_tool_calls: None,
            reasoning_effort: None,
            extra: Vec::new(),
        }
    }

    /// Everything left to the provider, for who needs only a reference.
    pub fn default_ref() -> &'static Self {
        static DEFAULT: Settings = Settings::new();
        &DEFAULT
    }

    /// With this temperature.
    #[must_use]
    pub fn with_temperature(mut self, temperature: f32) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// With at most this many tokens an answer.
    #[must_use]
    pub fn with_max_tokens(mut self, max_tokens: u32) -> Self {
        self.max_tokens = Some(max_tokens);
        self
    }

    /// With this seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// With this share of the likeliest words.
    #[must_use]
    pub fn with_top_p(mut self, top_p: f32) -> Self {
        self.top_p = Some(top_p);
        self
    }

    /// With this word ending the answer, beside those already set.
    #[must_use]
    pub fn with_stop(mut self, stop: impl Into<String>) -> Self {
        self.stop.push(stop.into());
        self
    }

    /// With this field in the request's body.
    #[must_use]
    pub fn with_extra(mut self, key: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.extra.push((key.into(), value.into()));
        self
    }
}
