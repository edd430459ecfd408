//! How long a provider asks to wait: `Retry-After` in seconds or as a date, and `retry-after-ms`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Longer waits are a fault of the header, or of a clock.
pub(super) const MAX_RETRY_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The delay these headers ask for.
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
            number(text, 1.0).or_else(|| {
                let then = UNIX_EPOCH + Duration::from_secs(http_date(text)?);
                Some(then.duration_since(now).unwrap_or_default())
            })
        })?;
    Some(delay.min(MAX_RETRY_AFTER))
}

fn number(text: &str, unit: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(text.parse::<f64>().ok()? * unit).ok()
}

/// Seconds since 1970 of a date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<u64> {
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

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: u64, month: u64, day: u64) -> u64 {
    // Years that begin in March end in the leap day, so that the months before it have fixed lengths.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// The time of a text such as `2026-11-22T10:00:00Z`, in UTC, whole seconds.
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

/// The time, for dates in headers.
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
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
    fn seconds_milliseconds_and_dates_are_read() {
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
    fn dates_are_counted_right() {
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(http_date("Tue, 29 Feb 2000 12:00:00 GMT"), Some(951_825_600));
        assert_eq!(http_date("Mon, 01 Mar 2100 00:00:00 GMT"), Some(4_107_542_400));
    }

    #[test]
    fn nonsense_is_no_delay() {
        for invalid in [
            "",
            "soon",
            "-1",
            "NaN",
            "inf",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 99 Foo 1994 08:49:37 GMT",
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
