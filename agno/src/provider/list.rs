//! The list of providers that agno knows by name: for names in text, for builders, for errors and for the documents.
//!
//! It is beside the APIs and not in `any/`, which is above them: every builder takes its defaults from its row, and
//! `OpenAi::compatible` reports a wrong name with the names of this list. In `any/`, both would close a cycle.

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownProvider {
    /// The name, as in `name:model`.
    pub name: &'static str,
    /// The name for readers.
    pub title: &'static str,
    /// The API of its models.
    pub api: &'static str,
    /// Address of its API; empty if each account or region has an address of its own.
    pub base_url: &'static str,
    /// Variables that may hold another address; the first that is set is used.
    pub base_url_variables: &'static [&'static str],
    /// The variables that may hold its key; the first that is set is used.
    pub key_variables: &'static [&'static str],
    /// `true` if its API refuses requests without a key. At another address, a key is optional.
    pub requires_key: bool,
    /// Header of the bare key; `None` for `Authorization: Bearer`.
    pub key_header: Option<&'static str>,
    /// The feature of agno that brings it.
    pub feature: &'static str,
    /// `true` if a feature that brings it is on.
    pub is_built_in: bool,
    /// The type of its models.
    kind: ModelApi,
}

impl KnownProvider {
    /// Returns the values that a builder uses for what it was not given.
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

    /// Returns the API to use with the features that are on.
    pub(super) fn model_api(&self) -> ModelApi {
        if self.kind.is_built_in() {
            self.kind
        } else {
            self.kind.substitute()
        }
    }

    /// Returns the API to use if every feature were on.
    pub(crate) fn preferred_api(&self) -> ModelApi {
        self.kind
    }
}

/// The two words of the table for a provider's keys.
enum KeyNeed {
    Required,
    Optional,
}

/// Makes an option of the header that a row may name.
macro_rules! header {
    () => {
        None
    };
    ($header:literal) => {
        Some($header)
    };
}

/// Makes the list and the enum of APIs from the table.
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
        /// The APIs that agno speaks, one for each type of model.
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

            /// Returns the feature that brings the API.
            pub(crate) const fn feature(self) -> &'static str {
                match self {
                    $(Self::$api => $feature,)*
                }
            }

            /// Returns the API that takes this one's place where its feature is off, or this one.
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

        /// The providers that agno knows by name, built in or not.
        ///
        /// ```
        /// use agno::provider::PROVIDERS;
        ///
        /// let openai = PROVIDERS.iter().find(|provider| provider.name == "openai").unwrap();
        /// assert_eq!(openai.key_variables, ["OPENAI_API_KEY"]);
        /// ```
        pub const PROVIDERS: &[KnownProvider] = &[
            $({
                // With the default features, the substitute is what answers; the list is the same for all features.
                let listed = ModelApi::$kind.substitute();
                KnownProvider {
                    name: $name,
                    title: $title,
                    api: listed.title(),
                    base_url: $base_url,
                    base_url_variables: &$base_url_variables,
                    key_variables: &$keys,
                    requires_key: matches!(KeyNeed::$need, KeyNeed::Required),
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

/// Returns the row of a provider that the program names, in a constant.
///
/// # Panics
///
/// When there is no such provider: an error of the compiler.
#[expect(clippy::panic, reason = "constants only: the compiler reports it")]
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

/// Returns the provider of this name.
pub(super) fn provider_named(name: &str) -> Result<&'static KnownProvider, ModelError> {
    PROVIDERS
        .iter()
        .find(|provider| provider.name == name)
        .ok_or_else(|| unknown_provider(name))
}

/// Returns the error of a name that is no provider's.
pub(crate) fn unknown_provider(name: &str) -> ModelError {
    let near = closest(name);
    let near = near.map_or_else(String::new, |known| format!(" did you mean `{known}`?"));
    let name = name.chars().take(40).collect::<String>();
    configuration(format!(
        "there is no provider `{name}`;{near} {}",
        list_of_built_in()
    ))
}

/// Lists the providers that are built in.
pub(super) fn list_of_built_in() -> String {
    let names: Vec<&str> = PROVIDERS
        .iter()
        .filter(|provider| provider.is_built_in)
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

/// Returns the name of the provider that was probably meant. The rule is that of the macros: at most a third of the characters
/// of the longer name are inserted, deleted, replaced or swapped with their neighbor, case ignored.
fn closest(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let near = |known: &'static str| {
        let lengths = [name.chars().count(), known.len()];
        let limit = lengths[0].max(lengths[1]) / 3;
        // Saves the quadratic work on names of any length.
        if lengths[0].abs_diff(lengths[1]) > limit {
            return None;
        }
        let distance = strsim::osa_distance(&name, known);
        (distance <= limit).then_some((distance, known))
    };
    let names = PROVIDERS.iter().map(|provider| provider.name);
    names.filter_map(near).min().map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for meant in ["OpenAI", "opneai", "openia"] {
            let error = unknown_provider(meant).to_string();
            assert!(error.contains("did you mean `openai`"), "{error}");
        }
        assert!(!unknown_provider("acme").to_string().contains("did you mean"));
        assert!(!unknown_provider("").to_string().contains("did you mean"));
    }
}
