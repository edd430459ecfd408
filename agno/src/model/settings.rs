//! How a model is to answer: sampling, limits, and what is passed through to the provider.

#[cfg(feature = "__api")]
use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a model is to answer. What is `None` or empty is left to the provider.
///
/// Where a provider knows no such thing, a setting that only shapes the answer's style is left out; one that the answer
/// would be wrong without is an error.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Settings {
    /// 0 always picks the likeliest word; higher picks more freely. Providers take 0 to 1 or 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// Picks among the likeliest words that make up this share, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f32>,
    /// Picks among this many of the likeliest words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_k: Option<u32>,
    /// Holds back words by how often they were said already, -2 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency_penalty: Option<f32>,
    /// Holds back words that were said already at all, -2 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence_penalty: Option<f32>,
    /// The most tokens an answer may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// The same seed asks for the same answer, where the provider can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Words that end the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// Whether one answer may ask for several calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_tool_calls: Option<bool>,
    /// How hard a reasoning model thinks, in the provider's words (`low`, `medium`, `high`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<String>,
    /// How many tokens a reasoning model may think, where the provider counts them (Anthropic, Gemini). 0 is not at
    /// all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_tokens: Option<u32>,
    /// How likely each word was, and this many others in its place ([`ReplyDetails::logprobs`]).
    ///
    /// [`ReplyDetails::logprobs`]: super::ReplyDetails::logprobs
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<u8>,
    /// The provider's class of service (`flex`, `priority`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<String>,
    /// How an answer of `output = ...` is asked for. By default the best way the model has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_strategy: Option<OutputStrategy>,
    /// Asks the provider to keep the conversation so far, so that the next request reads it for less, where it does so
    /// only when asked (Anthropic, Bedrock).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cache: Option<PromptCache>,
    /// Tools of the provider's own, such as a web search, as its API has them in its list of tools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provider_tools: Vec<Value>,
    /// Keeps the answer as the provider wrote it ([`ReplyDetails::raw`]).
    ///
    /// [`ReplyDetails::raw`]: super::ReplyDetails::raw
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keep_raw: bool,
    /// Any other field, put into the request's body as it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<(String, Value)>,
}

/// How an answer of a wanted shape is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OutputStrategy {
    /// By the provider's own means: it holds the model to the schema.
    Native,
    /// As a tool the model calls with its answer. Models that can call tools can do this beside other tools.
    Tool,
    /// In words, and what does not fit goes back to the model.
    Prompt,
}

/// How long a provider keeps a conversation that it was asked to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PromptCache {
    /// As long as the provider does by itself: minutes.
    Short,
    /// An hour, where the provider has that.
    Hour,
}

impl Settings {
    /// Everything left to the provider.
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

    /// Returns empty settings, by reference.
    pub(crate) fn default_ref() -> &'static Self {
        static DEFAULT: Settings = Settings::new();
        &DEFAULT
    }
}

#[cfg(feature = "__api")]
impl Settings {
    /// Returns these settings, with those of `defaults` wherever these are empty. Joins the fields of `extra`; a name in
    /// both keeps the value of these settings.
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

/// A way to set each field.
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
    /// With this temperature.
    with_temperature(temperature: f32);
    /// With this share of the likeliest words.
    with_top_p(top_p: f32);
    /// With this many of the likeliest words.
    with_top_k(top_k: u32);
    /// Holding words back by how often they were said.
    with_frequency_penalty(frequency_penalty: f32);
    /// Holding words back that were said.
    with_presence_penalty(presence_penalty: f32);
    /// With at most this many tokens an answer.
    with_max_tokens(max_tokens: u32);
    /// With this seed.
    with_seed(seed: u64);
    /// With one call an answer, or several.
    with_parallel_tool_calls(parallel_tool_calls: bool);
    /// With this much thinking, in the provider's word.
    with_reasoning_effort(reasoning_effort: impl Into<String>);
    /// With at most this many tokens of thinking.
    with_reasoning_tokens(reasoning_tokens: u32);
    /// With the likelihood of each word, and of this many others.
    with_logprobs(logprobs: u8);
    /// With this class of service.
    with_service_tier(service_tier: impl Into<String>);
    /// With this way to ask for an answer's shape.
    with_output_strategy(output_strategy: OutputStrategy);
    /// With the conversation kept at the provider.
    with_prompt_cache(prompt_cache: PromptCache);
}

impl Settings {
    /// With this word ending the answer, beside those already set.
    #[must_use]
    pub fn with_stop(mut self, stop: impl Into<String>) -> Self {
        self.stop.push(stop.into());
        self
    }

    /// With this tool of the provider's own, beside those already set.
    #[must_use]
    pub fn with_provider_tool(mut self, tool: impl Into<Value>) -> Self {
        self.provider_tools.push(tool.into());
        self
    }

    /// Keeps the answer as the provider wrote it.
    #[must_use]
    pub const fn with_keep_raw(mut self) -> Self {
        self.keep_raw = true;
        self
    }

    /// With this field in the request's body.
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
    fn defaults_fill_what_is_empty() {
        let defaults = Settings::new()
            .with_temperature(0.0)
            .with_seed(1)
            .with_extra("user", "a");
        let both = Settings::new().with_seed(2).with_extra("user", "b");
        let both = both.over(&defaults);
        assert_eq!((both.temperature, both.seed), (Some(0.0), Some(2)));
        assert_eq!(both.extra, [("user".to_owned(), Value::from("b"))]);
    }
}
