//! The providers that `model = "provider:model"` can name. A macro crate cannot depend on the runtime, so this list is
//! a copy of the names, types and features in `agno/src/provider/table.rs`. A test in agno-tests includes this file,
//! which therefore has no dependencies, and checks that the two lists are equal.
//!
//! [`MAX_TOOLS`] is checked only at compile time, so it is defined here and not in the table of the runtime.

/// The providers of each API.
pub(crate) const PROVIDERS: &[(ModelApi, &[&str])] = &[
    (
        ModelApi::OpenAi,
        &[
            "openai",
            "alibaba",
            "azure",
            "cerebras",
            "deepseek",
            "fireworks",
            "glm",
            "groq",
            "huggingface",
            "internlm",
            "llamacpp",
            "lmstudio",
            "minimax",
            "mistral",
            "modelscope",
            "moonshot",
            "nvidia",
            "openrouter",
            "perplexity",
            "portkey",
            "qwen",
            "sambanova",
            "together",
            "vercel",
            "vllm",
            "xai",
            "zai",
        ],
    ),
    (ModelApi::OpenAiResponses, &["openai-responses"]),
    (ModelApi::Anthropic, &["anthropic"]),
    (ModelApi::Gemini, &["gemini"]),
    (ModelApi::Bedrock, &["bedrock"]),
    (ModelApi::Cohere, &["cohere"]),
    (ModelApi::Ollama, &["ollama"]),
    (ModelApi::Local, &["local"]),
];

/// Maximum number of tools per request, for each provider that publishes a limit. An agent with more tools does not
/// compile, so if a provider publishes several limits, the list has the largest. Anthropic, Bedrock, Cohere, Mistral and
/// others publish none.
pub(crate) const MAX_TOOLS: &[(&str, usize)] = &[
    // OpenAI, "OpenAPI description": `tools` in a request contains up to 128 functions.
    ("openai", 128),
    ("openai-responses", 128),
    // Microsoft, "Azure OpenAI quotas and limits": maximum number of tools in a chat completions request.
    ("azure", 128),
    // DeepSeek, "Chat Completions API": `tools`.
    ("deepseek", 128),
    // Groq, "API reference", create chat completion: `tools`.
    ("groq", 128),
    // The Gemini API rejects more than 512 function declarations with an error that contains this limit. (Vertex AI,
    // another API for the same models, documents 128 on its page "Tool".)
    ("gemini", 512),
    // xAI, "REST API reference", chat completions: `tools`; raised from 128 to 200, 350 and finally 1000.
    ("xai", 1000),
];

/// An API of the runtime, with a variant for each model type. Mirrors the enum of the same name in the runtime.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ModelApi {
    OpenAi,
    OpenAiResponses,
    Anthropic,
    Gemini,
    Bedrock,
    Cohere,
    Ollama,
    Local,
}

impl ModelApi {
    /// Returns the name of the model type in `agno::__private::models`, and the feature that enables the API.
    pub(crate) fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::OpenAi => ("OpenAi", "openai"),
            Self::OpenAiResponses => ("OpenAiResponses", "openai"),
            Self::Anthropic => ("Anthropic", "anthropic"),
            Self::Gemini => ("Gemini", "gemini"),
            Self::Bedrock => ("Bedrock", "bedrock"),
            Self::Cohere => ("Cohere", "cohere"),
            Self::Ollama => ("Ollama", "ollama"),
            Self::Local => ("Local", "local"),
        }
    }
}
