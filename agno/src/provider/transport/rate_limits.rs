//! The rate limits in reply headers. Two formats are in use. In OpenAI's, which most other providers have adopted,
//! reset times are durations such as `1m30s`; in Anthropic's, they are timestamps.

use std::time::SystemTime;

use reqwest::header::HeaderMap;

use super::http_time::{rfc3339, span, until};
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
        resets_in: either("reset").and_then(|text| span(text).or_else(|| Some(until(rfc3339(text)?, now)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::transport::http_time::MAX_SPAN;
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

    #[test]
    fn no_header_value_causes_a_panic_or_exceeds_the_maximum_duration() {
        const FRAGMENTS: [&str; 24] = [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, ",
            "06 ",
            "Nov ",
            "2094 ",
            " GMT",
            "2026-11-22T10:00:00Z",
            "2026-11-22T",
            "-",
            ":",
            "Z",
            "T",
            ".",
            "0",
            "59",
            "99",
            "9999",
            "18446744073709551615",
            "300000000000000000",
            "1e308",
            "h",
            "ms",
            "d",
            "ü",
        ];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % below as u64).unwrap()
        };
        let names = [
            "retry-after",
            "retry-after-ms",
            "x-ratelimit-limit-requests",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-requests",
            "anthropic-ratelimit-tokens-reset",
        ];
        for _ in 0..20_000 {
            let text: String = (0..next(7)).map(|_| FRAGMENTS[next(FRAGMENTS.len())]).collect();
            let value = reqwest::header::HeaderValue::from_bytes(text.as_bytes()).unwrap();
            let headers: HeaderMap = names
                .iter()
                .map(|name| (reqwest::header::HeaderName::from_static(name), value.clone()))
                .collect();
            for now in [SystemTime::UNIX_EPOCH, SystemTime::now()] {
                let delay = crate::provider::transport::retry_after::retry_after(&headers, now);
                assert!(delay.is_none_or(|delay| delay <= MAX_SPAN), "{text}");
                let limits = rate_limits(&headers, now).unwrap_or_default();
                for status in [limits.requests, limits.tokens] {
                    assert!(status.resets_in.is_none_or(|reset| reset <= MAX_SPAN), "{text}");
                }
            }
        }
    }
}
