//! Model settings, including sampling parameters, limits and provider-specific options.

#[cfg(feature = "__api")]
use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Model settings. The provider's default applies to each value that is `None` or empty.
///
/// If a provider does not support a setting that only affects the style of the answer, the request omits the setting.
/// If the answer would be wrong without the setting, the request fails.
///
/// ```
/// use agno::model::{PromptCache, Settings};
///
/// let settings = Settings::new()
///     .with_temperature(0.2)
///     .with_max_tokens(2000)
///     .with_prompt_cache(PromptCache::Short)
///     .with_extra("safety_identifier", "user-1");
/// let stored = serde_json::to_string(&settings).unwrap();
/// assert_eq!(serde_json::from_str::<Settings>(&stored).unwrap(), settings);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Settings {
    /// Sampling temperature. 0 always picks the most likely token; higher values increase variety. Providers accept
    /// values from 0 to 1, or from 0 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// Samples from the most likely tokens whose cumulative probability reaches this value, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f32>,
    /// Samples from this many of the most likely tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_k: Option<u32>,
    /// Penalizes tokens in proportion to how often they have occurred, from -2 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency_penalty: Option<f32>,
    /// Penalizes tokens that have already occurred, from -2 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence_penalty: Option<f32>,
    /// Maximum number of tokens per answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Random seed. Providers that support seeds try to return the same answer for the same seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Stop sequences, which end the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// `true` if one answer may contain several tool calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// Reasoning effort, as a value that the provider defines (such as `low`, `medium` or `high`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<String>,
    /// Maximum number of reasoning tokens, for providers with such a limit (Anthropic, Gemini). 0 disables reasoning,
    /// or reduces it to the model's minimum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_tokens: Option<u32>,
    /// Number of alternative tokens to report per position, in addition to the log probability of each token
    /// ([`ReplyDetails::logprobs`]).
    ///
    /// [`ReplyDetails::logprobs`]: super::ReplyDetails::logprobs
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<u8>,
    /// Service tier of the provider, such as `flex` or `priority`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<String>,
    /// Strategy for structured output. Defaults to the best strategy that the model supports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_strategy: Option<OutputStrategy>,
    /// Asks the provider to cache the conversation so far, which makes the next request cheaper. Applies to providers
    /// that cache only on request (Anthropic, Bedrock).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cache: Option<PromptCache>,
    /// Built-in tools of the provider, such as web search, in the format of the provider's API.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provider_tools: Vec<Value>,
    /// Keeps the provider's raw answer ([`ReplyDetails::raw`]).
    ///
    /// [`ReplyDetails::raw`]: super::ReplyDetails::raw
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keep_raw: bool,
    /// Additional fields, which are added to the request body unchanged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<(String, Value)>,
}

/// Strategy for obtaining an answer that matches a schema.
///
/// ```
/// use agno::model::{OutputStrategy, Settings};
///
/// let settings = Settings::new().with_output_strategy(OutputStrategy::Prompt);
/// assert_eq!(settings.output_strategy, Some(OutputStrategy::Prompt));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OutputStrategy {
    /// Uses the provider's structured output, which enforces the schema.
    Native,
    /// Declares a tool that the model calls with its answer. This tool can be combined with other tools.
    Tool,
    /// Describes the schema in the prompt, and sends invalid answers back to the model.
    Prompt,
}

/// Lifetime of a conversation in the provider's cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PromptCache {
    /// The provider's default, which is a few minutes.
    Short,
    /// One hour, if the provider supports it.
    Hour,
}

impl Settings {
    /// Creates empty settings, to which the provider's defaults apply.
    pub const fn new() -> Self {
        Self {
            temperature: None,
            top_p: None,
            top_k: None,
            frequency_penalty: None,
            presence_penalty: None,
            max_tokens: None,
            seed: None,
            stop: Vec::new(),
            parallel_tool_calls: None,
            reasoning_effort: None,
            reasoning_tokens: None,
            logprobs: None,
            service_tier: None,
            output_strategy: None,
            prompt_cache: None,
            provider_tools: Vec::new(),
            keep_raw: false,
            extra: Vec::new(),
        }
    }

    /// Returns a reference to empty settings.
    pub(crate) fn default_ref() -> &'static Self {
        static DEFAULT: Settings = Settings::new();
        &DEFAULT
    }
}

#[cfg(feature = "__api")]
impl Settings {
    /// Returns these settings, with missing values taken from `defaults`. Merges the fields of `extra`; if both contain
    /// a field, the value in these settings wins.
    pub(crate) fn over<'a>(&'a self, defaults: &'a Self) -> Cow<'a, Self> {
        if defaults == Self::default_ref() {
            return Cow::Borrowed(self);
        }
        if self == Self::default_ref() {
            return Cow::Borrowed(defaults);
        }
        let list = |own: &Vec<_>, other: &Vec<_>| {
            if own.is_empty() {
                other.clone()
            } else {
                own.clone()
            }
        };
        let mut extra = self.extra.clone();
        for (key, value) in &defaults.extra {
            if !extra.iter().any(|(known, _)| known == key) {
                extra.push((key.clone(), value.clone()));
            }
        }
        Cow::Owned(Self {
            temperature: self.temperature.or(defaults.temperature),
            top_p: self.top_p.or(defaults.top_p),
            top_k: self.top_k.or(defaults.top_k),
            frequency_penalty: self.frequency_penalty.or(defaults.frequency_penalty),
            presence_penalty: self.presence_penalty.or(defaults.presence_penalty),
            max_tokens: self.max_tokens.or(defaults.max_tokens),
            seed: self.seed.or(defaults.seed),
            stop: list(&self.stop, &defaults.stop),
            parallel_tool_calls: self.parallel_tool_calls.or(defaults.parallel_tool_calls),
            reasoning_effort: self
                .reasoning_effort
                .as_ref()
                .or(defaults.reasoning_effort.as_ref())
                .cloned(),
            reasoning_tokens: self.reasoning_tokens.or(defaults.reasoning_tokens),
            logprobs: self.logprobs.or(defaults.logprobs),
            service_tier: self
                .service_tier
                .as_ref()
                .or(defaults.service_tier.as_ref())
                .cloned(),
            output_strategy: self.output_strategy.or(defaults.output_strategy),
            prompt_cache: self.prompt_cache.or(defaults.prompt_cache),
            provider_tools: if self.provider_tools.is_empty() {
                &defaults.provider_tools
            } else {
                &self.provider_tools
            }
            .clone(),
            keep_raw: self.keep_raw || defaults.keep_raw,
            extra,
        })
    }

    /// Returns `true` if `extra` has this field, which then replaces the field that agno would write.
    pub(crate) fn has_extra(&self, key: &str) -> bool {
        self.extra.iter().any(|(extra, _)| extra == key)
    }
}

/// Generates one setter per field.
macro_rules! setters {
    ($($(#[$doc:meta])* $setter:ident($field:ident: $type:ty);)*) => {
        impl Settings {$(
            $(#[$doc])*
            #[must_use]
            pub fn $setter(mut self, $field: $type) -> Self {
                self.$field = Some($field.into());
                self
            }
        )*}
    };
}

setters! {
    /// Sets the sampling temperature.
    with_temperature(temperature: f32);
    /// Sets the cumulative probability of the tokens to sample from, from 0 to 1.
    with_top_p(top_p: f32);
    /// Sets the number of most likely tokens to sample from.
    with_top_k(top_k: u32);
    /// Sets the penalty for tokens in proportion to how often they have occurred.
    with_frequency_penalty(frequency_penalty: f32);
    /// Sets the penalty for tokens that have already occurred.
    with_presence_penalty(presence_penalty: f32);
    /// Sets the maximum number of tokens per answer.
    with_max_tokens(max_tokens: u32);
    /// Sets the random seed.
    with_seed(seed: u64);
    /// Sets whether one answer may contain several tool calls.
    with_parallel_tool_calls(parallel_tool_calls: bool);
    /// Sets the reasoning effort, as a value that the provider defines.
    with_reasoning_effort(reasoning_effort: impl Into<String>);
    /// Sets the maximum number of reasoning tokens.
    with_reasoning_tokens(reasoning_tokens: u32);
    /// Requests the log probability of each token and of this many alternatives per position.
    with_logprobs(logprobs: u8);
    /// Sets the service tier.
    with_service_tier(service_tier: impl Into<String>);
    /// Sets the strategy for obtaining an answer that matches a schema.
    with_output_strategy(output_strategy: OutputStrategy);
    /// Asks the provider to cache the conversation.
    with_prompt_cache(prompt_cache: PromptCache);
}

impl Settings {
    /// Adds a stop sequence.
    #[must_use]
    pub fn with_stop(mut self, stop: impl Into<String>) -> Self {
        self.stop.push(stop.into());
        self
    }

    /// Adds a built-in tool of the provider.
    #[must_use]
    pub fn with_provider_tool(mut self, tool: impl Into<Value>) -> Self {
        self.provider_tools.push(tool.into());
        self
    }

    /// Keeps the provider's raw answer.
    #[must_use]
    pub const fn with_keep_raw(mut self) -> Self {
        self.keep_raw = true;
        self
    }

    /// Adds a field to the request body.
    #[must_use]
    pub fn with_extra(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push((key.into(), value.into()));
        self
    }
}

#[cfg(all(test, feature = "__api"))]
mod tests {
    use super::*;

    #[test]
    fn defaults_apply_only_to_unset_fields() {
        let defaults = Settings::new()
            .with_temperature(0.0)
            .with_seed(1)
            .with_extra("user", "a");
        let merged = Settings::new().with_seed(2).with_extra("user", "b");
        let merged = merged.over(&defaults);
        assert_eq!((merged.temperature, merged.seed), (Some(0.0), Some(2)));
        assert_eq!(merged.extra, [("user".to_owned(), Value::from("b"))]);
    }
}
