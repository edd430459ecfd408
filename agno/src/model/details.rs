//! What some providers tell of an answer beside the answer: likelihoods, limits, the class of service, the raw text.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a provider told of an answer beside the answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ReplyDetails {
    /// The class of service the answer was made in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<String>,
    /// The stop word that ended the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_sequence: Option<String>,
    /// How likely each token was, where [`Settings::logprobs`](super::Settings::logprobs) asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logprobs: Vec<TokenLogprob>,
    /// What the provider says of its limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limits: Option<RateLimits>,
    /// The answer as the provider wrote it, where [`Settings::keep_raw`](super::Settings::keep_raw) asked: one JSON
    /// text, or one an event of a streamed answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub raw: Vec<String>,
}

impl ReplyDetails {
    /// Takes over what `more` says. Lists are added up.
    pub fn merge(&mut self, more: Self) {
        self.service_tier = more.service_tier.or(self.service_tier.take());
        self.stop_sequence = more.stop_sequence.or(self.stop_sequence.take());
        self.rate_limits = more.rate_limits.or(self.rate_limits.take());
        self.logprobs.extend(more.logprobs);
        self.raw.extend(more.raw);
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How likely a token of an answer was.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenLogprob {
    /// The token.
    pub token: String,
    /// The natural logarithm of its probability.
    pub logprob: f64,
    /// The likeliest tokens in its place, with theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub top: Vec<(String, f64)>,
}

/// What a provider says of its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateLimits {
    /// Of requests.
    pub requests: RateLimitStatus,
    /// Of tokens.
    pub tokens: RateLimitStatus,
}

/// The status of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateLimitStatus {
    /// How many there are in a period.
    pub limit: Option<u64>,
    /// How many are left.
    pub remaining: Option<u64>,
    /// When the count starts again.
    pub resets_in: Option<Duration>,
}
