//! Differences between Chat Completions servers.

/// Details in which Chat Completions servers differ.
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
    /// Name of the field that limits the number of tokens in a reply.
    pub max_tokens: &'static str,
    /// Name of the field for the seed.
    pub seed: &'static str,
    /// Value of `tool_choice` that requires a call. If the server has no such value, this is `auto`, and the model
    /// decides.
    pub tool_choice_required: &'static str,
    /// `true` if `tool_choice` can name one tool. When `false`, a request for one tool requires a call to any tool.
    pub tool_choice_named: bool,
    /// `true` if `tool_choice` can be `none`. When `false`, a request that forbids calls is sent without tools.
    pub tool_choice_none: bool,
    /// `true` if `stream_options.include_usage` may be sent. When `false`, the server reports usage by default or never.
    pub stream_usage: bool,
    /// `true` if `parallel_tool_calls` may be sent.
    pub parallel_tool_calls: bool,
    /// `true` if `top_k` may be sent.
    pub top_k: bool,
    /// Method of requesting structured output.
    pub output: OutputFormat,
    /// `true` if structured output can be requested together with tools. When `false`, the model returns its answer
    /// through a dedicated tool.
    pub output_and_tools: bool,
    /// Name of the field in which the server expects the model's reasoning back, if any.
    pub reasoning_field: Option<&'static str>,
    /// `true` if documents are sent as `document_url`, with a URL or a data URL. When `false`, they are sent as `file`,
    /// which does not support URLs.
    pub document_url: bool,
}

/// Method of requesting structured output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputFormat {
    /// Sends the schema in `response_format`. The server enforces it.
    Schema,
    /// Sends `response_format` without a schema, and puts the schema in the system message. The server enforces only
    /// JSON.
    Object,
    /// Puts the schema in the system message, and sends no `response_format`.
    Prompt,
    /// Sends no format. The model returns its answer through a dedicated tool.
    None,
}

impl Quirks {
    /// The API as OpenAI implements it.
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

    /// The API as most compatible servers implement it.
    pub const COMPATIBLE: Self = Self {
        max_tokens: "max_tokens",
        ..Self::OPENAI
    };

    /// The API of GLM, whose models always decide for themselves whether to call a tool, and which one.
    pub(super) const GLM: Self = Self::COMPATIBLE
        .with_tool_choice_required("auto")
        .with_tool_choice_named(false)
        .with_tool_choice_none(false)
        .with_stream_usage(false)
        .with_parallel_tool_calls(false)
        .with_output(OutputFormat::Object)
        .with_reasoning_field("reasoning_content");

    /// The API of Qwen.
    pub(super) const QWEN: Self = Self::COMPATIBLE
        .with_tool_choice_required("auto")
        .with_top_k(true)
        .with_output(OutputFormat::Object);

    /// Sets the name of the field that limits the number of tokens in a reply.
    #[must_use]
    pub const fn with_max_tokens(mut self, field: &'static str) -> Self {
        self.max_tokens = field;
        self
    }

    /// Sets the name of the field for the seed.
    #[must_use]
    pub const fn with_seed(mut self, field: &'static str) -> Self {
        self.seed = field;
        self
    }

    /// Sets the value of `tool_choice` that requires a call.
    #[must_use]
    pub const fn with_tool_choice_required(mut self, value: &'static str) -> Self {
        self.tool_choice_required = value;
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

    /// Sets whether `stream_options.include_usage` may be sent.
    #[must_use]
    pub const fn with_stream_usage(mut self, sent: bool) -> Self {
        self.stream_usage = sent;
        self
    }

    /// Sets whether `parallel_tool_calls` may be sent.
    #[must_use]
    pub const fn with_parallel_tool_calls(mut self, sent: bool) -> Self {
        self.parallel_tool_calls = sent;
        self
    }

    /// Sets whether `top_k` may be sent.
    #[must_use]
    pub const fn with_top_k(mut self, sent: bool) -> Self {
        self.top_k = sent;
        self
    }

    /// Sets the method of requesting structured output.
    #[must_use]
    pub const fn with_output(mut self, format: OutputFormat) -> Self {
        self.output = format;
        self
    }

    /// Sets whether structured output can be requested together with tools.
    #[must_use]
    pub const fn with_output_and_tools(mut self, possible: bool) -> Self {
        self.output_and_tools = possible;
        self
    }

    /// Sets the name of the field in which the model's reasoning is sent back.
    #[must_use]
    pub const fn with_reasoning_field(mut self, field: &'static str) -> Self {
        self.reasoning_field = Some(field);
        self
    }

    /// Sets whether documents are sent as `document_url` (`true`) or as `file` (`false`).
    #[must_use]
    pub const fn with_document_url(mut self, by_url: bool) -> Self {
        self.document_url = by_url;
        self
    }
}
