//! Details that some providers send with an answer, such as log probabilities, rate limits and the service tier.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Usage;

/// Details that a provider sends with an answer.
///
/// ```
/// use agno::model::Reply;
///
/// /// Returns the service tier that answered, if the provider reports it.
/// fn tier(reply: &Reply) -> Option<&str> {
///     reply.details.as_ref()?.service_tier.as_deref()
/// }
/// assert_eq!(tier(&Reply::text("Hello.")), None);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ReplyDetails {
    /// Service tier that produced the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<String>,
    /// Stop sequence that ended the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_sequence: Option<String>,
    /// Log probability of each token, if requested with [`Settings::logprobs`](super::Settings::logprobs).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logprobs: Vec<TokenLogprob>,
    /// Rate limits that the provider reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limits: Option<RateLimits>,
    /// Tokens that the original answer used, if this answer comes from a cache (`CacheLayer`).
    /// [`Reply::usage`](super::Reply::usage) is then zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_usage: Option<Usage>,
    /// The provider's raw answer, if requested with [`Settings::keep_raw`](super::Settings::keep_raw). Contains one
    /// JSON document, or one per event if the answer was streamed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub raw: Vec<String>,
}

impl ReplyDetails {
    /// Merges `more` into these details. Lists are concatenated; for other fields, a value in `more` wins.
    pub fn merge(&mut self, more: Self) {
        self.service_tier = more.service_tier.or(self.service_tier.take());
        self.stop_sequence = more.stop_sequence.or(self.stop_sequence.take());
        self.rate_limits = more.rate_limits.or(self.rate_limits.take());
        self.original_usage = more.original_usage.or(self.original_usage);
        self.logprobs.extend(more.logprobs);
        self.raw.extend(more.raw);
    }

    /// Returns `true` if there are no details.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Log probability of one token of an answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenLogprob {
    /// The token.
    pub token: String,
    /// Natural logarithm of the token's probability.
    pub logprob: f64,
    /// Most likely tokens at this position, with their log probabilities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub top: Vec<(String, f64)>,
}

/// Rate limits that a provider reports.
///
/// ```
/// use agno::model::RateLimits;
///
/// /// Returns `true` if fewer than a tenth of this period's requests remain.
/// fn is_nearly_exhausted(limits: &RateLimits) -> bool {
///     match (limits.requests.limit, limits.requests.remaining) {
///         (Some(limit), Some(remaining)) => remaining < limit / 10,
///         _ => false,
///     }
/// }
/// let mut limits = RateLimits::default();
/// (limits.requests.limit, limits.requests.remaining) = (Some(500), Some(12));
/// assert!(is_nearly_exhausted(&limits));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateLimits {
    /// Limit on requests.
    pub requests: RateLimitStatus,
    /// Limit on tokens.
    pub tokens: RateLimitStatus,
}

/// The status of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateLimitStatus {
    /// Limit per period.
    pub limit: Option<u64>,
    /// Amount remaining in this period.
    pub remaining: Option<u64>,
    /// Time until the limit resets.
    pub resets_in: Option<Duration>,
}
