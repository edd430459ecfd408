//! The providers that agno knows by name. Model names, builders, errors and documentation use this list.
//!
//! This module is next to the APIs, not in `any/`, which depends on them: every builder reads its defaults from its
//! provider's row, and `OpenAi::compatible` lists these names when a name is unknown. In `any/`, both would create a
//! dependency cycle.

use super::table::provider_table;
#[cfg(any(
    feature = "anthropic",
    feature = "bedrock",
    feature = "cohere",
    feature = "gemini",
    feature = "ollama"
))]
use super::transport::connection::Defaults;
use crate::const_text::same_text;
use crate::model::{ModelError, ModelErrorKind};

/// A provider that agno knows by name.
///
/// ```
/// use agno::provider::{KnownProvider, PROVIDERS};
///
/// /// Returns the enabled providers whose key is set or not required.
/// fn usable() -> impl Iterator<Item = &'static KnownProvider> {
///     let is_set = |name: &&str| std::env::var_os(name).is_some();
///     PROVIDERS.iter().filter(move |provider| {
///         provider.is_built_in && (!provider.requires_key || provider.key_variables.iter().any(is_set))
///     })
/// }
/// for provider in usable() {
///     println!("{}: {}", provider.name, provider.title);
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownProvider {
    /// The name, as in `name:model`.
    pub name: &'static str,
    /// The display name.
    pub title: &'static str,
    /// The API of the provider's models, such as `Chat Completions`.
    pub api: &'static str,
    /// The base URL of the API. Empty if each account or region has its own base URL.
    pub base_url: &'static str,
    /// The environment variables that can override the base URL. The first one that is set is used.
    pub base_url_variables: &'static [&'static str],
    /// The environment variables that can contain the key. The first one that is set is used.
    pub key_variables: &'static [&'static str],
    /// `true` if the API rejects requests without a key. With a custom base URL, the key is optional, except for Amazon
    /// Bedrock.
    pub requires_key: bool,
    /// The header that contains the bare key. `None` for `Authorization: Bearer`.
    pub key_header: Option<&'static str>,
    /// The feature of agno that supports the provider.
    pub feature: &'static str,
    /// `true` if a feature that supports the provider is enabled.
    pub is_built_in: bool,
    /// The API to use when all features are enabled.
    kind: ModelApi,
}

impl KnownProvider {
    /// Returns the values that a builder uses for options that are not set.
    #[cfg(any(
        feature = "anthropic",
        feature = "bedrock",
        feature = "cohere",
        feature = "gemini",
        feature = "ollama"
    ))]
    pub(crate) const fn defaults(&self) -> Defaults {
        Defaults {
            provider: self.name,
            base_url: self.base_url,
            base_url_variables: self.base_url_variables,
            key_variables: self.key_variables,
            requires_key: self.requires_key,
            key_header: self.key_header,
        }
    }

    /// Returns the API to use with the enabled features.
    pub(super) fn model_api(&self) -> ModelApi {
        if self.kind.is_built_in() {
            self.kind
        } else {
            self.kind.substitute()
        }
    }

    /// Returns the API to use when all features are enabled.
    pub(crate) fn preferred_api(&self) -> ModelApi {
        self.kind
    }
}

/// The table's keywords for a provider's key.
enum KeyRequirement {
    Required,
    Optional,
}

/// Converts a row's optional header into an `Option`.
macro_rules! header {
    () => {
        None
    };
    ($header:literal) => {
        Some($header)
    };
}

/// Generates the list of providers and the enum of APIs from the table.
macro_rules! list {
    ({}
        apis { $($(#[$doc:meta])* $api:ident {
            $feature:literal, $api_title:literal, $model:ty, $make:expr $(, or $substitute:ident $substitutes:literal)?
        })* }
        providers {
            $($name:literal: $title:literal, $kind:ident {
                $base_url:literal, $base_url_variables:tt, $need:ident $keys:tt $(in $header:literal)?
            } $(chat $(at $path:literal)? { $($differences:tt)* })?)*
        }
    ) => {
        /// The supported APIs, one per model type.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum ModelApi {
            $($(#[$doc])* $api,)*
        }

        impl ModelApi {
            const fn title(self) -> &'static str {
                match self {
                    $(Self::$api => $api_title,)*
                }
            }

            /// Returns the feature that provides the API.
            pub(crate) const fn feature(self) -> &'static str {
                match self {
                    $(Self::$api => $feature,)*
                }
            }

            /// Returns the API that replaces this API when its feature is disabled, or this API if nothing replaces it.
            const fn substitute(self) -> Self {
                match self {
                    $($(Self::$api => Self::$substitute,)?)*
                    other => other,
                }
            }

            const fn is_built_in(self) -> bool {
                match self {
                    $(Self::$api => cfg!(feature = $feature),)*
                }
            }
        }

        /// The providers that agno knows by name, whether or not their features are enabled.
        ///
        /// ```
        /// use agno::provider::PROVIDERS;
        ///
        /// let openai = PROVIDERS.iter().find(|provider| provider.name == "openai").unwrap();
        /// assert_eq!(openai.key_variables, ["OPENAI_API_KEY"]);
        /// ```
        pub const PROVIDERS: &[KnownProvider] = &[
            $({
                // List the substitute, which the default features use, even if other features are enabled.
                let listed = ModelApi::$kind.substitute();
                KnownProvider {
                    name: $name,
                    title: $title,
                    api: listed.title(),
                    base_url: $base_url,
                    base_url_variables: &$base_url_variables,
                    key_variables: &$keys,
                    requires_key: matches!(KeyRequirement::$need, KeyRequirement::Required),
                    key_header: header!($($header)?),
                    feature: listed.feature(),
                    is_built_in: ModelApi::$kind.is_built_in() || listed.is_built_in(),
                    kind: ModelApi::$kind,
                }
            },)*
        ];
    };
}

provider_table!(list {});

/// Returns the row of the provider with this name. Use it only in constants.
///
/// # Panics
///
/// Panics when there is no such provider. In a constant, the panic is a compile error.
#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "runs in constants, where a panic is a compile error"
)]
pub(crate) const fn known(name: &str) -> &'static KnownProvider {
    let mut index = 0;
    while index < PROVIDERS.len() {
        if same_text(PROVIDERS[index].name, name) {
            return &PROVIDERS[index];
        }
        index += 1;
    }
    panic!("no row of `provider/table.rs` has this name")
}

/// Returns the provider with this name.
pub(super) fn provider_named(name: &str) -> Result<&'static KnownProvider, ModelError> {
    PROVIDERS
        .iter()
        .find(|provider| provider.name == name)
        .ok_or_else(|| unknown_provider(name))
}

/// Returns the error for an unknown provider name.
pub(crate) fn unknown_provider(name: &str) -> ModelError {
    let suggestion = closest(name);
    let suggestion = suggestion.map_or_else(String::new, |known| format!(" did you mean `{known}`?"));
    let name = name.chars().take(40).collect::<String>();
    configuration(format!(
        "unknown provider `{name}`;{suggestion} {}",
        list_of_built_in()
    ))
}

/// Lists the providers whose features are enabled.
pub(super) fn list_of_built_in() -> String {
    let names: Vec<&str> = PROVIDERS
        .iter()
        .filter(|provider| provider.is_built_in)
        .map(|provider| provider.name)
        .collect();
    if names.is_empty() {
        "no provider is enabled; enable a feature of agno, such as `openai`".to_owned()
    } else {
        format!("the enabled providers are {}", names.join(", "))
    }
}

pub(super) fn configuration(message: String) -> ModelError {
    ModelError::new(ModelErrorKind::Configuration, message)
}

/// Returns the provider name closest to a misspelled name. The rule is the same as in the macros: at most a third of
/// the characters of the longer name are inserted, deleted, replaced or swapped with a neighbor, ignoring case.
fn closest(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let candidate = |known: &'static str| {
        let lengths = [name.chars().count(), known.len()];
        let limit = lengths[0].max(lengths[1]) / 3;
        // Avoids the quadratic comparison for names whose lengths differ too much.
        if lengths[0].abs_diff(lengths[1]) > limit {
            return None;
        }
        let distance = strsim::osa_distance(&name, known);
        (distance <= limit).then_some((distance, known))
    };
    let names = PROVIDERS.iter().map(|provider| provider.name);
    names.filter_map(candidate).min().map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_similar_provider_names_are_suggested() {
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
        for misspelled in ["OpenAI", "opneai", "openia"] {
            let error = unknown_provider(misspelled).to_string();
            assert!(error.contains("did you mean `openai`"), "{error}");
        }
        assert!(!unknown_provider("acme").to_string().contains("did you mean"));
        assert!(!unknown_provider("").to_string().contains("did you mean"));
    }
}
