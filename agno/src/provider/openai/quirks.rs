//! How servers' Chat Completions differ from OpenAI's.

/// How a server's Chat Completions differ from others'.
///
/// ```
/// use agno::provider::openai::{OutputFormat, Quirks};
///
/// let quirks = Quirks::COMPATIBLE.with_output(OutputFormat::None);
/// assert_eq!(quirks.max_tokens, "max_tokens");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quirks {
    /// The field that bounds an answer's tokens.
    pub max_tokens: &'static str,
    /// The field of the seed.
    pub seed: &'static str,
    /// The value of `tool_choice` that demands a call; `auto` if the server has none, which leaves the decision to the
    /// model.
    pub tool_choice_required: &'static str,
    /// `true` if `tool_choice` can name one tool. When `false`, a request for one tool demands any call.
    pub tool_choice_named: bool,
    /// `true` if `tool_choice` can be `none`. When `false`, such a request is sent without tools.
    pub tool_choice_none: bool,
    /// Whether `stream_options.include_usage` may be sent. Where not, usage comes unasked or not at all.
    pub stream_usage: bool,
    /// Whether `parallel_tool_calls` may be sent.
    pub parallel_tool_calls: bool,
    /// Whether `top_k` may be sent.
    pub top_k: bool,
    /// How an answer's shape is asked for.
    pub output: OutputFormat,
    /// Whether that can be asked for while there are tools. Where not, the model gives its answer with a tool of its own.
    pub output_and_tools: bool,
    /// The field in which the server wants the model's thinking back.
    pub reasoning_field: Option<&'static str>,
    /// Whether a document goes as a `document_url`, an address or its bytes as one. Where not, it goes as a `file`, which
    /// has no address.
    pub document_url: bool,
}

/// How an answer's shape is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputFormat {
    /// As `response_format` with the schema: the server holds the model to it.
    Schema,
    /// As `response_format` without a schema, which holds the model to JSON, and in words.
    Object,
    /// In words alone.
    Prompt,
    /// Not at all: the model gives its answer with a tool of its own.
    None,
}

impl Quirks {
    /// OpenAI's own.
    pub const OPENAI: Self = Self {
        max_tokens: "max_completion_tokens",
        seed: "seed",
        tool_choice_required: "required",
        tool_choice_named: true,
        tool_choice_none: true,
        stream_usage: true,
        parallel_tool_calls: true,
        top_k: false,
        output: OutputFormat::Schema,
        output_and_tools: true,
        reasoning_field: None,
        document_url: false,
    };

    /// What most compatible servers take.
    pub const COMPATIBLE: Self = Self {
        max_tokens: "max_tokens",
        ..Self::OPENAI
    };

    /// GLM's: it decides by itself whether it calls a tool, and which.
    pub(super) const GLM: Self = Self::COMPATIBLE
        .with_tool_choice_required("auto")
        .with_tool_choice_named(false)
        .with_tool_choice_none(false)
        .with_stream_usage(false)
        .with_parallel_tool_calls(false)
        .with_output(OutputFormat::Object)
        .with_reasoning_field("reasoning_content");

    /// Qwen's.
    pub(super) const QWEN: Self = Self::COMPATIBLE
        .with_tool_choice_required("auto")
        .with_top_k(true)
        .with_output(OutputFormat::Object);

    /// With this field bounding an answer's tokens.
    #[must_use]
    pub const fn with_max_tokens(mut self, field: &'static str) -> Self {
        self.max_tokens = field;
        self
    }

    /// With this field for the seed.
    #[must_use]
    pub const fn with_seed(mut self, field: &'static str) -> Self {
        self.seed = field;
        self
    }

    /// Sets the value of `tool_choice` that demands a call.
    #[must_use]
    pub const fn with_tool_choice_required(mut self, word: &'static str) -> Self {
        self.tool_choice_required = word;
        self
    }

    /// Sets whether `tool_choice` can name one tool.
    #[must_use]
    pub const fn with_tool_choice_named(mut self, possible: bool) -> Self {
        self.tool_choice_named = possible;
        self
    }

    /// Sets whether `tool_choice` can be `none`.
    #[must_use]
    pub const fn with_tool_choice_none(mut self, possible: bool) -> Self {
        self.tool_choice_none = possible;
        self
    }

    /// With or without `stream_options.include_usage`.
    #[must_use]
    pub const fn with_stream_usage(mut self, sent: bool) -> Self {
        self.stream_usage = sent;
        self
    }

    /// With or without `parallel_tool_calls`.
    #[must_use]
    pub const fn with_parallel_tool_calls(mut self, sent: bool) -> Self {
        self.parallel_tool_calls = sent;
        self
    }

    /// With or without `top_k`.
    #[must_use]
    pub const fn with_top_k(mut self, sent: bool) -> Self {
        self.top_k = sent;
        self
    }

    /// With this way to ask for an answer's shape.
    #[must_use]
    pub const fn with_output(mut self, format: OutputFormat) -> Self {
        self.output = format;
        self
    }

    /// With or without that way while there are tools.
    #[must_use]
    pub const fn with_output_and_tools(mut self, possible: bool) -> Self {
        self.output_and_tools = possible;
        self
    }

    /// With this field for the model's thinking, which is sent back then.
    #[must_use]
    pub const fn with_reasoning_field(mut self, field: &'static str) -> Self {
        self.reasoning_field = Some(field);
        self
    }

    /// With documents as `document_url` or as `file`.
    #[must_use]
    pub const fn with_document_url(mut self, by_url: bool) -> Self {
        self.document_url = by_url;
        self
    }
}
