//! Parses `model = "provider:model"`. The provider determines the model's type, so the macro has a list of all
//! providers.

use proc_macro2::Span;
use syn::LitStr;

use super::providers::{MAX_TOOLS, ModelApi, PROVIDERS};
use crate::common::{closest, one_of};

/// A parsed model name: the provider, and the provider's name for the model.
pub(super) struct ModelName {
    pub(super) api: ModelApi,
    pub(super) provider: String,
    pub(super) model: String,
    pub(super) span: Span,
}

impl ModelName {
    /// Returns the maximum number of tools per request, if the provider publishes a limit.
    pub(super) fn max_tools(&self) -> Option<usize> {
        let (_, max) = MAX_TOOLS
            .iter()
            .find(|(provider, _)| *provider == self.provider)?;
        Some(*max)
    }
}

/// Reads `provider:model`.
pub(super) fn model_name(text: &LitStr) -> syn::Result<ModelName> {
    let error = |message: String| Err(syn::Error::new(text.span(), message));
    let value = text.value();
    let Some((provider, model)) = value.split_once(':') else {
        return error(without_colon(&value));
    };
    let api = PROVIDERS.iter().find(|(_, names)| names.contains(&provider));
    let Some((api, _)) = api else {
        let known: Vec<&str> = PROVIDERS.iter().flat_map(|(_, names)| *names).copied().collect();
        return error(match alias(provider).or_else(|| closest(provider, &known)) {
            Some(suggestion) => {
                format!("unknown provider `{provider}`; did you mean `{suggestion}:{model}`?")
            }
            None => format!(
                "unknown provider `{provider}`; expected {}; or remove `model` and pass one to `.with(model)`",
                one_of(&known)
            ),
        });
    };
    if model.trim().is_empty() || model.trim() != model {
        return error(format!(
            "`{value}` does not name a model; write `{provider}:` followed by the provider's model name, without spaces"
        ));
    }
    Ok(ModelName {
        api: *api,
        provider: provider.to_owned(),
        model: model.to_owned(),
        span: text.span(),
    })
}

/// Returns the error for a name without a colon.
fn without_colon(value: &str) -> String {
    let is_provider = |name: &str| PROVIDERS.iter().any(|(_, names)| names.contains(&name));
    if is_provider(value) {
        return format!(
            "`{value}` is a provider without a model; write `{value}:` followed by the provider's model name"
        );
    }
    let full = match value.split_once('/') {
        Some((provider, model)) if is_provider(provider) => Some(format!("{provider}:{model}")),
        Some(_) => None,
        None => FAMILIES
            .iter()
            .find(|(prefix, _)| value.starts_with(prefix))
            .map(|(_, provider)| format!("{provider}:{value}")),
    };
    match full {
        Some(full) => format!("`{value}` does not name a provider; write `{full}`"),
        None => format!(
            "`{value}` does not name a provider; write `provider:model`, such as `\"openai:gpt-5-mini\"`"
        ),
    }
}

/// Prefixes of model names that a single provider serves under its own name.
const FAMILIES: &[(&str, &str)] = &[
    ("gpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("claude-", "anthropic"),
    ("gemini-", "gemini"),
    ("command-", "cohere"),
    ("grok-", "xai"),
    ("deepseek-", "deepseek"),
    ("mistral-", "mistral"),
];

/// Returns the name of a provider that other frameworks name differently.
fn alias(provider: &str) -> Option<&'static str> {
    Some(match provider {
        "google" | "google-gla" | "google_genai" | "vertex" | "vertexai" => "gemini",
        "aws" | "amazon" => "bedrock",
        "claude" => "anthropic",
        "gpt" | "chatgpt" => "openai",
        "grok" => "xai",
        "hf" => "huggingface",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, String), String> {
        model_name(&LitStr::new(text, Span::call_site()))
            .map(|name| (name.provider, name.model))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn model_names_split_at_the_first_colon() {
        assert_eq!(
            read("openai:gpt-5-mini"),
            Ok(("openai".into(), "gpt-5-mini".into()))
        );
        assert_eq!(
            read("ollama:llama3.2:3b"),
            Ok(("ollama".into(), "llama3.2:3b".into()))
        );
    }

    #[test]
    fn max_tools_returns_the_provider_limit() {
        for (provider, max) in MAX_TOOLS {
            let name = model_name(&LitStr::new(&format!("{provider}:m"), Span::call_site())).unwrap();
            assert_eq!(name.max_tools(), Some(*max), "{provider}");
        }
        let name = model_name(&LitStr::new("anthropic:m", Span::call_site())).unwrap();
        assert_eq!(name.max_tools(), None);
    }

    #[test]
    fn invalid_model_names_are_rejected() {
        assert!(read("gpt-5").unwrap_err().contains("does not name a provider"));
        assert!(
            read("opnai:gpt-5")
                .unwrap_err()
                .contains("did you mean `openai:gpt-5`?")
        );
        assert!(
            read("skynet:t800")
                .unwrap_err()
                .contains("expected one of `openai`")
        );
        assert!(read("openai:").unwrap_err().contains("does not name a model"));
        assert!(read("openai: gpt").unwrap_err().contains("without spaces"));
    }
}
