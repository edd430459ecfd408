//! The servers that speak Chat Completions, one row each.

use super::provider::Provider;
use super::quirks::{OutputForm, Quirks};

/// OpenAI itself, the row of [`OpenAi::new`](super::OpenAi::new).
pub const OPENAI: Provider = Provider::new("openai", "https://api.openai.com/v1")
    .with_key(&["OPENAI_API_KEY"])
    .with_base_url_variables(&["OPENAI_BASE_URL"])
    .with_quirks(Quirks::OPENAI);

/// The servers agno knows by name.
pub const PROVIDERS: &[Provider] = &[
    OPENAI,
    Provider::new("deepseek", "https://api.deepseek.com")
        .with_key(&["DEEPSEEK_API_KEY"])
        .with_base_url_variables(&["DEEPSEEK_BASE_URL"])
        .with_quirks(
            Quirks::COMPATIBLE
                .with_output(OutputForm::Object)
                .with_parallel_tool_calls(false)
                .with_reasoning_back("reasoning_content"),
        ),
    Provider::new("groq", "https://api.groq.com/openai/v1")
        .with_key(&["GROQ_API_KEY"])
        .with_base_url_variables(&["GROQ_BASE_URL"])
        .with_quirks(Quirks::OPENAI.with_output_beside_tools(false)),
    Provider::new("openrouter", "https://openrouter.ai/api/v1")
        .with_key(&["OPENROUTER_API_KEY"])
        .with_base_url_variables(&["OPENROUTER_BASE_URL"]),
    Provider::new("together", "https://api.together.xyz/v1")
        .with_key(&["TOGETHER_API_KEY"])
        .with_base_url_variables(&["TOGETHER_BASE_URL"]),
    Provider::new("xai", "https://api.x.ai/v1")
        .with_key(&["XAI_API_KEY"])
        .with_base_url_variables(&["XAI_BASE_URL"])
        .with_quirks(Quirks::OPENAI),
    Provider::new("fireworks", "https://api.fireworks.ai/inference/v1")
        .with_key(&["FIREWORKS_API_KEY"])
        .with_base_url_variables(&["FIREWORKS_BASE_URL"]),
    Provider::new("cerebras", "https://api.cerebras.ai/v1")
        .with_key(&["CEREBRAS_API_KEY"])
        .with_base_url_variables(&["CEREBRAS_BASE_URL"])
        .with_quirks(Quirks::OPENAI.with_output_beside_tools(false)),
    Provider::new("mistral", "https://api.mistral.ai/v1")
        .with_key(&["MISTRAL_API_KEY"])
        .with_base_url_variables(&["MISTRAL_BASE_URL"])
        .with_quirks(
            Quirks::COMPATIBLE
                .with_seed("random_seed")
                .with_required("any")
                .with_stream_usage(false),
        ),
    Provider::new("lmstudio", "http://localhost:1234/v1").with_base_url_variables(&["LMSTUDIO_BASE_URL"]),
    Provider::new("vllm", "http://localhost:8000/v1")
        .with_optional_key(&["VLLM_API_KEY"])
        .with_base_url_variables(&["VLLM_BASE_URL"]),
    Provider::new("llamacpp", "http://localhost:8080/v1")
        .with_optional_key(&["LLAMA_API_KEY"])
        .with_base_url_variables(&["LLAMACPP_BASE_URL"]),
    Provider::new("ollama", "http://localhost:11434/v1").with_base_url_variables(&["OLLAMA_BASE_URL"]),
];
