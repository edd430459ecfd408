//! The providers agno knows by name: one list for names in texts, for errors and for the documents.

use super::{ModelError, ModelErrorKind};

/// A provider agno knows by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownProvider {
    /// Its name, as in `name:model`.
    pub name: &'static str,
    /// Whose it is, for readers.
    pub title: &'static str,
    /// The API its models are asked over.
    pub api: &'static str,
    /// The variables its key is read from, the first that is set.
    pub key_variables: &'static [&'static str],
    /// The feature of agno that brings it.
    pub feature: &'static str,
    /// Whether that feature is on.
    pub is_built_in: bool,
}

const CHAT: &str = "Chat Completions";

/// A server that speaks Chat Completions.
const fn chat(
    name: &'static str,
    title: &'static str,
    key_variables: &'static [&'static str],
) -> KnownProvider {
    KnownProvider {
        name,
        title,
        api: CHAT,
        key_variables,
        feature: "openai",
        is_built_in: cfg!(feature = "openai"),
    }
}

macro_rules! own {
    ($name:literal, $title:literal, $api:literal, $keys:expr, $feature:literal) => {
        KnownProvider {
            name: $name,
            title: $title,
            api: $api,
            key_variables: $keys,
            feature: $feature,
            is_built_in: cfg!(feature = $feature),
        }
    };
}

/// The providers agno knows by name, built in or not.
///
/// ```
/// use agno::model::PROVIDERS;
///
/// let openai = PROVIDERS.iter().find(|provider| provider.name == "openai").unwrap();
/// assert_eq!(openai.key_variables, ["OPENAI_API_KEY"]);
/// ```
pub const PROVIDERS: &[KnownProvider] = &[
    chat("openai", "OpenAI", &["OPENAI_API_KEY"]),
    own!(
        "openai-responses",
        "OpenAI",
        "Responses",
        &["OPENAI_API_KEY"],
        "openai"
    ),
    own!(
        "anthropic",
        "Anthropic",
        "Messages",
        &["ANTHROPIC_API_KEY"],
        "anthropic"
    ),
    own!(
        "gemini",
        "Google Gemini",
        "generateContent",
        &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        "gemini"
    ),
    own!(
        "bedrock",
        "Amazon Bedrock",
        "Converse",
        &["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"],
        "bedrock"
    ),
    own!(
        "cohere",
        "Cohere",
        "Chat v2",
        &["COHERE_API_KEY", "CO_API_KEY"],
        "cohere"
    ),
    chat("deepseek", "DeepSeek", &["DEEPSEEK_API_KEY"]),
    chat("groq", "Groq", &["GROQ_API_KEY"]),
    chat("openrouter", "OpenRouter", &["OPENROUTER_API_KEY"]),
    chat("together", "Together", &["TOGETHER_API_KEY"]),
    chat("xai", "xAI", &["XAI_API_KEY"]),
    chat("fireworks", "Fireworks", &["FIREWORKS_API_KEY"]),
    chat("cerebras", "Cerebras", &["CEREBRAS_API_KEY"]),
    chat(
        "perplexity",
        "Perplexity",
        &["PERPLEXITY_API_KEY", "PPLX_API_KEY"],
    ),
    chat(
        "glm",
        "GLM (Zhipu)",
        &["ZHIPUAI_API_KEY", "ZHIPU_API_KEY", "GLM_API_KEY"],
    ),
    chat("zai", "GLM outside China (Z.ai)", &["ZAI_API_KEY"]),
    chat(
        "qwen",
        "Qwen (DashScope)",
        &["DASHSCOPE_API_KEY", "ALIBABA_API_KEY", "QWEN_API_KEY"],
    ),
    chat(
        "alibaba",
        "Qwen (DashScope)",
        &["DASHSCOPE_API_KEY", "ALIBABA_API_KEY", "QWEN_API_KEY"],
    ),
    chat(
        "moonshot",
        "Moonshot",
        &["MOONSHOT_API_KEY", "MOONSHOTAI_API_KEY", "KIMI_API_KEY"],
    ),
    chat("minimax", "MiniMax", &["MINIMAX_API_KEY"]),
    chat(
        "modelscope",
        "ModelScope",
        &["MODELSCOPE_API_KEY", "MODELSCOPE_SDK_TOKEN"],
    ),
    chat("sambanova", "SambaNova", &["SAMBANOVA_API_KEY"]),
    chat("internlm", "InternLM", &["INTERNLM_API_KEY", "INTERN_API_KEY"]),
    chat("nvidia", "NVIDIA", &["NVIDIA_API_KEY"]),
    chat(
        "huggingface",
        "Hugging Face",
        &["HF_TOKEN", "HUGGINGFACE_API_KEY"],
    ),
    chat(
        "vercel",
        "Vercel AI Gateway",
        &["AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"],
    ),
    chat("portkey", "Portkey", &["PORTKEY_API_KEY"]),
    chat("azure", "Azure OpenAI", &["AZURE_OPENAI_API_KEY"]),
    chat("mistral", "Mistral", &["MISTRAL_API_KEY"]),
    chat("lmstudio", "LM Studio", &[]),
    chat("vllm", "vLLM", &["VLLM_API_KEY"]),
    chat("llamacpp", "llama.cpp server", &["LLAMA_API_KEY"]),
    chat("ollama", "Ollama", &[]),
    own!("local", "GGUF weights in this process", "none", &[], "local"),
];

/// The provider of this name, if it is built in.
pub(super) fn built_in(name: &str) -> Result<&'static KnownProvider, ModelError> {
    match PROVIDERS.iter().find(|provider| provider.name == name) {
        None => Err(unknown_provider(name)),
        Some(provider) if !is_built_in(provider) => Err(configuration(format!(
            "models of `{name}` are not built in; turn the feature `{}` of agno on",
            provider.feature
        ))),
        Some(provider) => Ok(provider),
    }
}

/// Ollama speaks an API of its own and one of OpenAI's form; either will do.
fn is_built_in(provider: &KnownProvider) -> bool {
    provider.is_built_in || provider.name == "ollama" && cfg!(feature = "ollama")
}

/// The error of a provider nobody knows.
pub(crate) fn unknown_provider(name: &str) -> ModelError {
    let near = PROVIDERS
        .iter()
        .map(|provider| (distance(name, provider.name), provider.name))
        .min()
        .filter(|(distance, known)| *distance <= known.len().min(name.len()) / 3);
    let near = near.map_or_else(String::new, |(_, known)| format!(" did you mean `{known}`?"));
    let name = name.chars().take(40).collect::<String>();
    configuration(format!(
        "there is no provider `{name}`;{near} {}",
        list_of_built_in()
    ))
}

/// The providers that are built in, in words.
pub(super) fn list_of_built_in() -> String {
    let names: Vec<&str> = PROVIDERS
        .iter()
        .filter(|provider| is_built_in(provider))
        .map(|provider| provider.name)
        .collect();
    if names.is_empty() {
        "no provider is built in; turn a feature of agno on, such as `openai`".to_owned()
    } else {
        format!("providers built in: {}", names.join(", "))
    }
}

pub(super) fn configuration(message: String) -> ModelError {
    ModelError::new(ModelErrorKind::Configuration, message)
}

/// How many letters must change, come or go to make one word the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().take(40).enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (column, with) in other.iter().enumerate() {
            let replaced = corner + usize::from(letter != *with);
            corner = row[column + 1];
            row[column + 1] = replaced.min(corner + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "openai")]
    #[test]
    fn every_row_of_the_table_can_be_named() {
        let rows: Vec<_> = crate::provider::openai::PROVIDERS
            .iter()
            .map(|row| (row.name, row.key_variables))
            .collect();
        let named: Vec<_> = PROVIDERS
            .iter()
            .filter(|provider| provider.api == CHAT)
            .map(|provider| (provider.name, provider.key_variables))
            .collect();
        assert_eq!(rows, named);
    }

    #[test]
    fn a_provider_that_is_nearly_right_is_suggested_and_others_are_not() {
        assert!(
            unknown_provider("deepseak")
                .to_string()
                .contains("did you mean `deepseek`")
        );
        assert!(
            unknown_provider("mistrall")
                .to_string()
                .contains("did you mean `mistral`")
        );
        assert!(!unknown_provider("acme").to_string().contains("did you mean"));
        assert!(!unknown_provider("").to_string().contains("did you mean"));
    }
}
