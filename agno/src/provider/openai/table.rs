//! The servers that speak Chat Completions, one row each, and how each one's dialect differs.

pub use crate::provider::connection::KeyHeader;

/// A server that speaks OpenAI's Chat Completions API: what it is called, where it is, whose key it takes, and how
/// it differs.
///
/// The rows agno knows are [`PROVIDERS`]. A row of your own is as good as one of them:
///
/// ```
/// use agno::provider::openai::{OpenAi, Provider, Quirks};
///
/// const ACME: Provider = Provider::new("acme", "https://llm.acme.example/v1")
///     .with_key(&["ACME_API_KEY"])
///     .with_quirks(Quirks::COMPATIBLE.with_stream_usage(false));
///
/// let model = OpenAi::builder("acme-large").provider(ACME).api_key("secret").build()?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provider {
    /// Its name, as in `name:model`.
    pub name: &'static str,
    /// Where it answers.
    pub base_url: &'static str,
    /// The variable that says another address for it.
    pub base_url_variable: Option<&'static str>,
    /// The variables its key is read from: the first that is set.
    pub key_variables: &'static [&'static str],
    /// The header its key is sent in.
    pub key_header: KeyHeader,
    /// Whether it answers nobody without a key. At an address of your own, a key is never required.
    pub requires_key: bool,
    /// How it differs.
    pub quirks: Quirks,
}

impl Provider {
    /// A server of this name at this address that takes no key.
    pub const fn new(name: &'static str, base_url: &'static str) -> Self {
        Self {
            name,
            base_url,
            base_url_variable: None,
            key_variables: &[],
            key_header: KeyHeader::Bearer,
            requires_key: false,
            quirks: Quirks::COMPATIBLE,
        }
    }

    /// With a key, required, from the first of these variables that is set.
    #[must_use]
    pub const fn with_key(mut self, variables: &'static [&'static str]) -> Self {
        self.key_variables = variables;
        self.requires_key = true;
        self
    }

    /// With a key from the first of these variables that is set, if any.
    #[must_use]
    pub const fn with_optional_key(mut self, variables: &'static [&'static str]) -> Self {
        self.key_variables = variables;
        self.requires_key = false;
        self
    }

    /// With the key in this header by itself, in the place of `Authorization: Bearer`.
    #[must_use]
    pub const fn with_key_header(mut self, name: &'static str) -> Self {
        self.key_header = KeyHeader::Named(name);
        self
    }

    /// With an address from this variable if it is set.
    #[must_use]
    pub const fn with_base_url_variable(mut self, variable: &'static str) -> Self {
        self.base_url_variable = Some(variable);
        self
    }

    /// With these differences.
    #[must_use]
    pub const fn with_quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// The row of this name.
    ///
    /// ```
    /// use agno::provider::openai::Provider;
    ///
    /// assert_eq!(Provider::named("groq").unwrap().key_variables, ["GROQ_API_KEY"]);
    /// assert!(Provider::named("acme").is_none());
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        PROVIDERS.iter().find(|provider| provider.name == name)
    }
}

/// How a server's Chat Completions differ from others'.
///
/// ```
/// use agno::provider::openai::{OutputForm, Quirks};
///
/// let quirks = Quirks::COMPATIBLE.with_output(OutputForm::None);
/// assert_eq!(quirks.max_tokens, "max_tokens");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quirks {
    /// The field that bounds an answer's tokens.
    pub max_tokens: &'static str,
    /// The field of the seed.
    pub seed: &'static str,
    /// The word for "must call a tool".
    pub required: &'static str,
    /// Whether `stream_options.include_usage` may be sent. Where not, usage comes unasked or not at all.
    pub stream_usage: bool,
    /// Whether `parallel_tool_calls` may be sent.
    pub parallel_tool_calls: bool,
    /// Whether `top_k` may be sent.
    pub top_k: bool,
    /// How an answer's shape is asked for.
    pub output: OutputForm,
    /// Whether that can be asked for while there are tools. Where not, the model gives its answer with a tool of its own.
    pub output_with_tools: bool,
    /// The field in which the server wants the model's thinking back.
    pub reasoning_back: Option<&'static str>,
}

/// How an answer's shape is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputForm {
    /// As `response_format` with the schema: the server holds the model to it.
    Schema,
    /// As `response_format` without a schema, which holds the model to JSON, and in words.
    Object,
    /// Not at all: the model gives its answer with a tool of its own.
    None,
}

impl Quirks {
    /// OpenAI's own.
    pub const OPENAI: Self = Self {
        max_tokens: "max_completion_tokens",
        seed: "seed",
        required: "required",
        stream_usage: true,
        parallel_tool_calls: true,
        top_k: false,
        output: OutputForm::Schema,
        output_with_tools: true,
        reasoning_back: None,
    };

    /// What most compatible servers take.
    pub const COMPATIBLE: Self = Self {
        max_tokens: "max_tokens",
        ..Self::OPENAI
    };

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

    /// With this word for "must call a tool".
    #[must_use]
    pub const fn with_required(mut self, word: &'static str) -> Self {
        self.required = word;
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
    pub const fn with_output(mut self, form: OutputForm) -> Self {
        self.output = form;
        self
    }

    /// With or without that way while there are tools.
    #[must_use]
    pub const fn with_output_beside_tools(mut self, possible: bool) -> Self {
        self.output_with_tools = possible;
        self
    }

    /// With this field for the model's thinking, which is sent back then.
    #[must_use]
    pub const fn with_reasoning_back(mut self, field: &'static str) -> Self {
        self.reasoning_back = Some(field);
        self
    }
}

/// OpenAI itself, the row of [`OpenAi::new`](super::OpenAi::new).
pub const OPENAI: Provider = Provider::new("openai", "https://api.openai.com/v1")
    .with_key(&["OPENAI_API_KEY"])
    .with_base_url_variable("OPENAI_BASE_URL")
    .with_quirks(Quirks::OPENAI);

/// The servers agno knows by name.
pub const PROVIDERS: &[Provider] = &[
    OPENAI,
    Provider::new("deepseek", "https://api.deepseek.com")
        .with_key(&["DEEPSEEK_API_KEY"])
        .with_base_url_variable("DEEPSEEK_BASE_URL")
        .with_quirks(
            Quirks::COMPATIBLE
                .with_output(OutputForm::Object)
                .with_parallel_tool_calls(false)
                .with_reasoning_back("reasoning_content"),
        ),
    Provider::new("groq", "https://api.groq.com/openai/v1")
        .with_key(&["GROQ_API_KEY"])
        .with_base_url_variable("GROQ_BASE_URL")
        .with_quirks(Quirks::OPENAI.with_output_beside_tools(false)),
    Provider::new("openrouter", "https://openrouter.ai/api/v1")
        .with_key(&["OPENROUTER_API_KEY"])
        .with_base_url_variable("OPENROUTER_BASE_URL"),
    Provider::new("together", "https://api.together.xyz/v1")
        .with_key(&["TOGETHER_API_KEY"])
        .with_base_url_variable("TOGETHER_BASE_URL"),
    Provider::new("xai", "https://api.x.ai/v1")
        .with_key(&["XAI_API_KEY"])
        .with_base_url_variable("XAI_BASE_URL")
        .with_quirks(Quirks::OPENAI),
    Provider::new("fireworks", "https://api.fireworks.ai/inference/v1")
        .with_key(&["FIREWORKS_API_KEY"])
        .with_base_url_variable("FIREWORKS_BASE_URL"),
    Provider::new("cerebras", "https://api.cerebras.ai/v1")
        .with_key(&["CEREBRAS_API_KEY"])
        .with_base_url_variable("CEREBRAS_BASE_URL")
        .with_quirks(Quirks::OPENAI.with_output_beside_tools(false)),
    Provider::new("mistral", "https://api.mistral.ai/v1")
        .with_key(&["MISTRAL_API_KEY"])
        .with_base_url_variable("MISTRAL_BASE_URL")
        .with_quirks(
            Quirks::COMPATIBLE
                .with_seed("random_seed")
                .with_required("any")
                .with_stream_usage(false),
        ),
    Provider::new("lmstudio", "http://localhost:1234/v1").with_base_url_variable("LMSTUDIO_BASE_URL"),
    Provider::new("vllm", "http://localhost:8000/v1")
        .with_optional_key(&["VLLM_API_KEY"])
        .with_base_url_variable("VLLM_BASE_URL"),
    Provider::new("llamacpp", "http://localhost:8080/v1")
        .with_optional_key(&["LLAMA_API_KEY"])
        .with_base_url_variable("LLAMACPP_BASE_URL"),
    Provider::new("ollama", "http://localhost:11434/v1").with_base_url_variable("OLLAMA_BASE_URL"),
];
