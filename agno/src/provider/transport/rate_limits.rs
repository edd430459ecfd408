//! The rate limits in reply headers, in the two formats in use: OpenAI's, which most other providers have adopted
//! (reset times as durations such as `1m30s`), and Anthropic's (reset times as timestamps).

use std::time::SystemTime;

use reqwest::header::HeaderMap;

use super::http_time::{rfc3339, span};
use crate::model::{RateLimitStatus, RateLimits};

/// Returns the limits in these headers, if any.
pub(crate) fn rate_limits(headers: &HeaderMap, now: SystemTime) -> Option<RateLimits> {
    // Most servers send none of these headers, and scanning the names is faster than looking up each header.
    let is_limit_header =
        |name: &str| name.starts_with("x-ratelimit-") || name.starts_with("anthropic-ratelimit-");
    if !headers.keys().any(|name| is_limit_header(name.as_str())) {
        return None;
    }
    let limits = RateLimits {
        requests: limit(headers, now, "requests"),
        tokens: limit(headers, now, "tokens"),
    };
    Some(limits).filter(|limits| *limits != RateLimits::default())
}

fn limit(headers: &HeaderMap, now: SystemTime, of: &str) -> RateLimitStatus {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    let either = |field: &str| {
        text(&format!("x-ratelimit-{field}-{of}"))
            .or_else(|| text(&format!("anthropic-ratelimit-{of}-{field}")))
    };
    let count = |field: &str| either(field).and_then(|text| text.parse().ok());
    RateLimitStatus {
        limit: count("limit"),
        remaining: count("remaining"),
        resets_in: either("reset").and_then(|text| {
            span(text).or_else(|| Some(rfc3339(text)?.duration_since(now).unwrap_or_default()))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn limits_are_read_in_both_formats() {
        let mut headers = HeaderMap::new();
        assert_eq!(rate_limits(&headers, SystemTime::UNIX_EPOCH), None);
        headers.insert("x-ratelimit-limit-requests", "60".parse().unwrap());
        headers.insert("x-ratelimit-reset-requests", "1m".parse().unwrap());
        headers.insert("anthropic-ratelimit-tokens-remaining", "900".parse().unwrap());
        headers.insert(
            "anthropic-ratelimit-tokens-reset",
            "1970-01-01T00:00:30Z".parse().unwrap(),
        );
        let limits = rate_limits(&headers, SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(
            (limits.requests.limit, limits.requests.remaining),
            (Some(60), None)
        );
        assert_eq!(limits.requests.resets_in, Some(Duration::from_secs(60)));
        assert_eq!(limits.tokens.remaining, Some(900));
        assert_eq!(limits.tokens.resets_in, Some(Duration::from_secs(30)));
    }
}
