//! The delay that a provider requests: `Retry-After` in seconds or as a date, and `retry-after-ms`.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::http_time::{http_date, number, until};

/// The maximum delay. A longer delay indicates an incorrect header or clock.
pub(super) const MAX_RETRY_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Returns the delay that these headers request.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    let delay = text("retry-after-ms")
        .and_then(|text| number(text, 0.001))
        .or_else(|| {
            let text = text(RETRY_AFTER.as_str())?;
            number(text, 1.0).or_else(|| Some(until(http_date(text)?, now)))
        })?;
    Some(delay.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn retry_after_of(headers: &[(&'static str, &str)]) -> Option<Duration> {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (
                    reqwest::header::HeaderName::from_static(name),
                    value.parse().unwrap(),
                )
            })
            .collect();
        retry_after(&headers, UNIX_EPOCH + Duration::from_secs(784_111_777))
    }

    #[test]
    fn seconds_milliseconds_and_dates_parse() {
        assert_eq!(
            retry_after_of(&[("retry-after", "7")]),
            Some(Duration::from_secs(7))
        );
        assert_eq!(
            retry_after_of(&[("retry-after", "0.5")]),
            Some(Duration::from_millis(500))
        );
        assert_eq!(
            retry_after_of(&[("retry-after", "9"), ("retry-after-ms", "1500")]),
            Some(Duration::from_millis(1500))
        );
        let soon = "Sun, 06 Nov 1994 08:49:47 GMT";
        assert_eq!(
            retry_after_of(&[("retry-after", soon)]),
            Some(Duration::from_secs(10))
        );
        let past = "Sun, 06 Nov 1994 08:00:00 GMT";
        assert_eq!(retry_after_of(&[("retry-after", past)]), Some(Duration::ZERO));
    }

    #[test]
    fn invalid_delays_are_ignored_and_long_ones_are_capped() {
        for invalid in [
            "",
            "soon",
            "-1",
            "NaN",
            "inf",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 99 Foo 1994 08:49:37 GMT",
            "Sat, 06 Nov 2094 08:300000000000000000:00 GMT",
            "Sat, 06 Nov 2094 08:00:18446744073709551615 GMT",
            "Sat, 06 Nov 2094 18446744073709551615:00:00 GMT",
        ] {
            assert_eq!(retry_after_of(&[("retry-after", invalid)]), None, "{invalid}");
        }
        assert_eq!(retry_after_of(&[("retry-after", "1e300")]), None);
        assert_eq!(
            retry_after_of(&[("retry-after", "99999999")]),
            Some(MAX_RETRY_AFTER)
        );
    }
}
