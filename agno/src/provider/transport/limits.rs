//! What the headers of an answer say of a provider's limits, in the two forms in use: OpenAI's, which most others have
//! taken over (`x-ratelimit-remaining-requests`, resets as `1m30s`), and Anthropic's (resets as dates).

use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;

use super::retry_after::rfc3339;
use crate::model::{RateLimitStatus, RateLimits};

/// The limits these headers tell of, if any.
pub(crate) fn rate_limits(headers: &HeaderMap, now: SystemTime) -> Option<RateLimits> {
    // Most servers tell of none, and names are compared faster than looked up.
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
    let either = |what: &str| {
        text(&format!("x-ratelimit-{what}-{of}"))
            .or_else(|| text(&format!("anthropic-ratelimit-{of}-{what}")))
    };
    let count = |what: &str| either(what).and_then(|text| text.parse().ok());
    RateLimitStatus {
        limit: count("limit"),
        remaining: count("remaining"),
        resets_in: either("reset").and_then(|text| {
            span(text).or_else(|| Some(rfc3339(text)?.duration_since(now).unwrap_or_default()))
        }),
    }
}

/// A span such as `6m0s`, `1h2m3.5s`, `250ms`, or a bare number of seconds.
pub(crate) fn span(text: &str) -> Option<Duration> {
    let mut seconds = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let (unit, after) = match rest {
            "" => (1.0, ""),
            _ => [
                ("ms", 0.001),
                ("h", 3600.0),
                ("m", 60.0),
                ("s", 1.0),
                ("d", 86_400.0),
            ]
            .into_iter()
            .find_map(|(word, unit)| Some((unit, rest.strip_prefix(word)?)))?,
        };
        seconds += number * unit;
        rest = after;
    }
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|_| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_in_every_unit_and_nothing_else_is_a_span() {
        for (text, millis) in [
            ("1s", 1_000),
            ("6m0s", 360_000),
            ("1h2m3.5s", 3_723_500),
            ("250ms", 250),
            ("7", 7_000),
        ] {
            assert_eq!(span(text), Some(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "soon", "1x", "2026-11-22T10:00:00Z", "-1s"] {
            assert_eq!(span(text), None, "{text}");
        }
    }

    #[test]
    fn limits_are_read_in_both_forms() {
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
