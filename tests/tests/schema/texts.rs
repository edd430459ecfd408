//! Strings that match the `format` or the `pattern` of a schema.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Value, json};

use super::generate::Source;

/// Returns a string that matches the schema's format or pattern, or `None` if the schema has neither.
///
/// # Panics
///
/// Panics if there is no sample for the pattern or the format.
pub(crate) fn generate(schema: &Value, source: &mut Source) -> Option<String> {
    if let Some(pattern) = schema["pattern"].as_str() {
        let all = samples(source);
        let from = source.below(all.len());
        let mut rotated = all[from..].iter().chain(&all[..from]);
        let found = rotated.find(|text| is_match(pattern, text));
        return Some(
            found
                .unwrap_or_else(|| panic!("no sample matches {pattern}"))
                .clone(),
        );
    }
    Some(match schema["format"].as_str()? {
        "ipv4" => "127.0.0.1".to_owned(),
        "ipv6" => "::1".to_owned(),
        "email" => "a@example.org".to_owned(),
        "date" => date(source),
        "date-time" => format!(
            "{}T{}{}{}",
            date(source),
            clock(source),
            fraction(source),
            zone(source)
        ),
        "uuid" => {
            let (a, b) = (source.below(1 << 32), source.below(1 << 48));
            format!("{a:08x}-0000-4000-8000-{b:012x}")
        }
        "uri" => format!(
            "https://example.org/{}?q=%20#{}",
            source.below(100),
            source.below(10)
        ),
        format => panic!("no sample for the format {format}"),
    })
}

/// Returns a sample for each pattern in the corpus.
fn samples(source: &mut Source) -> Vec<String> {
    let (date, clock, fraction) = (date(source), clock(source), fraction(source));
    let fraction_or_zero = if fraction.is_empty() { ".0" } else { &fraction };
    let offset = ["+00:00:00", "-03:30:00", "+01:00:59"][source.below(3)];
    let integer = source.below(100_000);
    vec![
        "en".to_owned(),
        format!("{clock}{fraction}"),
        format!("{date}T{clock}{fraction}"),
        format!("{clock}{fraction_or_zero}"),
        format!("{date} {clock}{fraction_or_zero}"),
        format!("{date} {clock}{fraction_or_zero} {offset}"),
        offset.to_owned(),
        format!("{integer}"),
        format!("-{integer}{fraction_or_zero}"),
        format!("{integer}{fraction_or_zero}"),
        "127.0.0.1:80".to_owned(),
        format!("[2001:db8::{:x}]:{}", source.below(65_536), source.below(65_536)),
    ]
}

fn date(source: &mut Source) -> String {
    if source.below(8) == 0 {
        return "2024-02-29".to_owned();
    }
    let (year, month, day) = (
        1900 + source.below(300),
        1 + source.below(12),
        1 + source.below(28),
    );
    format!("{year}-{month:02}-{day:02}")
}

fn clock(source: &mut Source) -> String {
    let (hour, minute, second) = (source.below(24), source.below(60), source.below(60));
    format!("{hour:02}:{minute:02}:{second:02}")
}

fn fraction(source: &mut Source) -> String {
    ["", ".5", ".250", ".123456", ".123456789"][source.below(5)].to_owned()
}

fn zone(source: &mut Source) -> &'static str {
    ["Z", "+00:00", "-03:30", "+14:00"][source.below(4)]
}

/// Returns `true` if a string matches a pattern, according to an independent validator.
fn is_match(pattern: &str, text: &str) -> bool {
    thread_local! {
        static KNOWN: RefCell<HashMap<String, jsonschema::Validator>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        let validator = known
            .entry(pattern.to_owned())
            .or_insert_with(|| jsonschema::draft202012::new(&json!({"pattern": pattern})).unwrap());
        validator.is_valid(&json!(text))
    })
}
