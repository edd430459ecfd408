//! Dates and durations in the formats that providers use in headers and errors.

use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Maximum duration in a header or an error: 366 days. A longer duration indicates an incorrect value or clock. Callers
/// add the duration to the current time, and the sum must not overflow.
pub(crate) const MAX_SPAN: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Parses a number in a unit that is `unit` seconds long. The result is at most [`MAX_SPAN`].
pub(super) fn number(text: &str, unit: f64) -> Option<Duration> {
    duration(text.parse::<f64>().ok()? * unit)
}

/// Converts a number of seconds to a duration of at most [`MAX_SPAN`]. Returns `None` for a number that a [`Duration`]
/// cannot represent, such as a negative number.
fn duration(seconds: f64) -> Option<Duration> {
    Some(Duration::try_from_secs_f64(seconds).ok()?.min(MAX_SPAN))
}

/// Returns the time from `now` to `then`, at most [`MAX_SPAN`], or zero if `then` is in the past.
pub(super) fn until(then: SystemTime, now: SystemTime) -> Duration {
    then.duration_since(now).unwrap_or_default().min(MAX_SPAN)
}

/// Parses a duration such as `6m0s`, `1h2m3.5s`, `250ms`, or a bare number of seconds. The result is at most
/// [`MAX_SPAN`].
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
    duration(seconds).filter(|_| !text.is_empty())
}

/// Parses an HTTP date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http_date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

/// Parses a UTC time such as `2026-11-22T10:00:00Z`, ignoring fractions of a second.
pub(crate) fn rfc3339(text: &str) -> Option<SystemTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let time = time.split_once('.').map_or(time, |(time, _)| time);
    let (year, month, day) = three(date, '-', &[1970..=9999, 1..=12, 1..=31])?;
    // 60 is a leap second.
    let (hour, minute, second) = three(time, ':', &[0..=23, 0..=59, 0..=60])?;
    let seconds = [
        (days(year, month, day), 86_400),
        (hour, 3600),
        (minute, 60),
        (second, 1),
    ];
    let seconds = seconds.into_iter().fold(0_u64, |sum, (count, unit)| {
        sum.saturating_add(u64::from(count).saturating_mul(unit))
    });
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

/// Parses three numbers, each in its range.
fn three(text: &str, by: char, ranges: &[RangeInclusive<u32>; 3]) -> Option<(u32, u32, u32)> {
    let mut parts = text.split(by);
    let mut next = |range: &RangeInclusive<u32>| bounded(parts.next()?, range);
    let [first, second, third] = ranges;
    let three = (next(first)?, next(second)?, next(third)?);
    parts.next().is_none().then_some(three)
}

/// Parses a number in this range. Only digits are accepted; a sign is not.
fn bounded(text: &str, range: &RangeInclusive<u32>) -> Option<u32> {
    let number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse())?;
    number.ok().filter(|number| range.contains(number))
}

/// Returns the number of days from 1970-01-01 to a Gregorian date in the years 1970 to 9999.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "the numbers are within the ranges that `three` checks"
)]
fn days(year: u32, month: u32, day: u32) -> u32 {
    // If years begin in March, the leap day comes last, so all other days have fixed positions in the year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// Returns the current time, for dates in headers.
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_parse_in_every_unit_and_other_text_is_rejected() {
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
    fn http_dates_convert_to_unix_seconds() {
        let seconds = |text: &str| {
            let since = http_date(text)?.duration_since(UNIX_EPOCH);
            since.ok().map(|since| since.as_secs())
        };
        assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(seconds("Tue, 29 Feb 2000 12:00:00 GMT"), Some(951_825_600));
        assert_eq!(seconds("Mon, 01 Mar 2100 00:00:00 GMT"), Some(4_107_542_400));
    }

    #[test]
    fn timestamps_convert_to_unix_seconds_and_invalid_ones_are_rejected() {
        let seconds = |text: &str| {
            let since = rfc3339(text)?.duration_since(UNIX_EPOCH);
            since.ok().map(|since| since.as_secs())
        };
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2000-02-29T12:00:00.123456Z"), Some(951_825_600));
        for text in [
            "2026-11-22T00:18446744073709551615:00Z",
            "2026-11-22T18446744073709551615:00:00Z",
            "2026-11-22T00:60:00Z",
            "2026-11-22T00:00:61Z",
            "2026-13-22T00:00:00Z",
            "2026-00-22T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "1969-01-01T00:00:00Z",
            "2026-11-22T+1:00:00Z",
            "2026-11-22T00:00Z",
            "2026-11-22T00:00:00",
        ] {
            assert_eq!(rfc3339(text), None, "{text}");
        }
    }
}
