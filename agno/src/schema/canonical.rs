//! Canonical text of JSON values. Equal values have the same text, so a hash map finds duplicates in linear time.

use core::fmt::Write as _;
use std::borrow::Cow;

use serde_json::value::RawValue;
use serde_json::{Number, Value};

/// Magnitude below which every integer has a distinct floating-point representation: 2^53.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns text that is the same for equal values and different for unequal values. As JSON Schema requires, the order
/// of fields and the notation of numbers (`1` or `1.0`) make no difference.
pub(super) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// Returns the canonical text of raw JSON, or `None` if the JSON is invalid. A short natural number is its own
/// canonical text.
pub(super) fn canonical_text(value: &RawValue) -> Option<Cow<'_, str>> {
    let text = value.get();
    if text.len() < 16 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Cow::Borrowed(text));
    }
    let value = serde_json::from_str(text).ok()?;
    Some(Cow::Owned(canonical(&value)))
}

fn write(value: &Value, text: &mut String) {
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
            Ok(())
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (name, value) in fields {
                let _ = write!(text, "{name:?}:");
                write(value, text);
                text.push(',');
            }
            text.push('}');
            Ok(())
        }
        Value::Number(number) => match integer(number) {
            Some(integer) => write!(text, "{integer}"),
            None => write!(text, "{number}"),
        },
        Value::String(string) => write!(text, "{string:?}"),
        Value::Null | Value::Bool(_) => write!(text, "{value}"),
    };
}

/// Returns the integer that equals a number in floating-point notation, if there is one.
fn integer(number: &Number) -> Option<i64> {
    let float = number.as_f64().filter(|_| number.is_f64())?;
    (float.fract() == 0.0 && float.abs() < MAX_EXACT).then_some(float as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_the_same_text() {
        let text = |json: &str| {
            let text = canonical(&serde_json::from_str(json).unwrap());
            let raw: &RawValue = serde_json::from_str(json).unwrap();
            assert_eq!(canonical_text(raw).unwrap(), text);
            text
        };
        for (a, b) in [
            ("1", "1.0"),
            ("0", "-0.0"),
            ("100", "1e2"),
            ("123456789012345", "123456789012345.0"),
            (r#"{"a":1,"b":[2]}"#, r#"{ "b": [2.0], "a": 1 }"#),
            (r#""A""#, r#""\u0041""#),
        ] {
            assert_eq!(text(a), text(b));
        }
        for (a, b) in [
            ("1", "1.5"),
            ("1", r#""1""#),
            ("null", r#""null""#),
            ("[1,2]", "[2,1]"),
            (r#"["a","b"]"#, r#"["a\",\"b"]"#),
            ("9007199254740993", "9007199254740992.0"),
        ] {
            assert_ne!(text(a), text(b));
        }
    }
}
