//! Parses durations: `"5s"`, `"250ms"`, `"2m"`.

use std::time::Duration;

use syn::LitStr;

/// Reads a duration, which is an integer followed by `ms`, `s`, `m` or `h`.
pub(crate) fn duration(text: &LitStr) -> syn::Result<Duration> {
    let value = text.value();
    let digits = value.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let milliseconds = match &value[digits.len()..] {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let total = digits
        .parse::<u64>()
        .ok()
        .zip(milliseconds)
        .and_then(|(count, unit)| count.checked_mul(unit));
    match total {
        Some(0) => Err(syn::Error::new(
            text.span(),
            "the duration is zero; write `\"5s\"`, or remove the key",
        )),
        Some(total) => Ok(Duration::from_millis(total)),
        None => Err(syn::Error::new(
            text.span(),
            format!(
                "`{value}` is not a duration; write an integer and `ms`, `s`, `m` or `h`, such as `\"5s\"`"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn read(text: &str) -> Result<Duration, String> {
        duration(&LitStr::new(text, Span::call_site())).map_err(|error| error.to_string())
    }

    #[test]
    fn every_unit_parses() {
        assert_eq!(read("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(read("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(read("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(read("1h"), Ok(Duration::from_secs(3600)));
    }

    #[test]
    fn invalid_durations_are_rejected() {
        for text in [
            "",
            "5",
            "s",
            "1.5s",
            "-1s",
            "5 s",
            "5d",
            "99999999999999999999s",
            "99999999999999999h",
        ] {
            assert!(read(text).unwrap_err().contains("is not a duration"), "{text}");
        }
        assert!(read("0s").unwrap_err().contains("zero"));
    }
}
