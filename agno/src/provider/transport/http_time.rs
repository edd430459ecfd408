//! Dates and durations in the formats that providers use in headers and errors.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Parses a duration such as `6m0s`, `1h2m3.5s`, `250ms`, or a bare number of seconds.
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

/// Parses an HTTP date such as `Sun, 06 Nov 1994 08:49:37 GMT` and returns the seconds since 1970.
pub(super) fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (_, date) = text.split_once(", ")?;
    let mut date_parts = date.split(' ');
    let day: u64 = date_parts.next()?.parse().ok()?;
    let name = date_parts.next()?;
    let month = 1 + MONTHS.iter().position(|month| *month == name)? as u64;
    let year: u64 = date_parts.next()?.parse().ok()?;
    let mut time = date_parts.next()?.split(':').map(str::parse::<u64>);
    let mut unit = || time.next()?.ok();
    let (hour, minute, second) = (unit()?, unit()?, unit()?);
    if date_parts.next() != Some("GMT")
        || !(1970..10_000).contains(&year)
        || !(1..=31).contains(&day)
        || hour > 23
    {
        return None;
    }
    Some(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Returns the number of days from 1970-01-01 to a Gregorian date.
fn days(year: u64, month: u64, day: u64) -> u64 {
    // If years begin in March, the leap day comes last, so that the months before it have fixed lengths.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// Parses a UTC time such as `2026-11-22T10:00:00Z`, ignoring fractions of a second.
pub(crate) fn rfc3339(text: &str) -> Option<SystemTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let three = |text: &str, by: char| {
        let mut parts = text
            .split(by)
            .map(|part| part.split('.').next()?.parse::<u64>().ok());
        let three = (parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(three)
    };
    let ((year, month, day), (hour, minute, second)) = (three(date, '-')?, three(time, ':')?);
    let is_date = (1970..10_000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let seconds = is_date.then(|| days(year, month, day))? * 86_400 + hour * 3600 + minute * 60 + second;
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
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
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(http_date("Tue, 29 Feb 2000 12:00:00 GMT"), Some(951_825_600));
        assert_eq!(http_date("Mon, 01 Mar 2100 00:00:00 GMT"), Some(4_107_542_400));
    }
}
