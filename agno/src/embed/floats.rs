//! Parses vectors in both formats that servers use: lists of numbers, and base64-encoded 32-bit floats, which are
//! shorter.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess};

use crate::provider::codec::lenient::{FromLenient, Lenient};

/// A vector, which is empty if the value has neither format.
#[derive(Debug, Default)]
pub(super) struct Floats(pub(super) Vec<f32>);

struct FloatsFromLenient;

impl<'de> FromLenient<'de> for FloatsFromLenient {
    type Value = Vec<f32>;

    fn text(text: Cow<'de, str>) -> Self::Value {
        let bytes = STANDARD.decode(text.as_bytes()).unwrap_or_default();
        let (floats, rest) = bytes.as_chunks::<4>();
        if rest.is_empty() {
            floats.iter().map(|float| f32::from_le_bytes(*float)).collect()
        } else {
            Vec::new()
        }
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self::Value, A::Error> {
        // Starts without capacity, because a reply may contain millions of empty lists.
        let mut floats = Vec::new();
        while let Some(float) = list.next_element()? {
            floats.push(float);
        }
        Ok(floats)
    }
}

impl<'de> Deserialize<'de> for Floats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(Lenient(FloatsFromLenient))
            .map(Floats)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_parse_from_number_arrays_and_base64() {
        let read = |json: &str| serde_json::from_str::<Floats>(json).unwrap().0;
        assert_eq!(read("[1, -0.5, 2e0]"), [1.0, -0.5, 2.0]);
        assert_eq!(read(r#""AACAPwAAAL8AAABA""#), [1.0, -0.5, 2.0]);
        for other in ["null", "{}", r#""AAA""#, r#""not base64""#, "7"] {
            assert!(read(other).is_empty(), "{other}");
        }
        assert!(serde_json::from_str::<Floats>(r#"["a"]"#).is_err());
    }
}
