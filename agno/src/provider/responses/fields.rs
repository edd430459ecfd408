//! Item fields that agno's types do not cover, such as the item's ID, the phase of a message and the caller of a call.
//! They are stored as a JSON object in the signature of the part and are sent back with the part.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::provider::codec::minify::minified;

/// The fields of an object, in order, with raw values.
#[derive(Debug, Default)]
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// Returns the fields stored in a signature if the signature belongs to an item of this kind.
    pub(super) fn from_signature(signature: Option<&'a str>, kind: &str) -> Option<Self> {
        let fields: Self = serde_json::from_str(signature?).ok()?;
        let matches_kind =
            |raw: &RawValue| serde_json::from_str::<Cow<'_, str>>(raw.get()).is_ok_and(|of| of == kind);
        fields.get("type").is_some_and(matches_kind).then_some(fields)
    }

    /// Returns the value of a field.
    pub(super) fn get(&self, key: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| *value)
    }

    /// Returns an iterator over the fields except `type`.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        let rest = self.0.iter().filter(|(key, _)| key != "type");
        rest.map(|(key, value)| (key.as_ref(), value.get()))
    }
}

/// Returns the signature of an item: a JSON object with the item's fields, except those in `known` and those that are
/// `null`.
///
/// Returns `None` if no field except `type` is left.
pub(super) fn signature(item: &RawValue, known: &[&str]) -> Option<String> {
    let fields: Fields<'_> = serde_json::from_str(item.get()).ok()?;
    let kept = fields
        .0
        .iter()
        .filter(|(key, value)| !known.contains(&key.as_ref()) && value.get() != "null");
    let mut json = String::from("{");
    let mut has_more = false;
    for (key, value) in kept {
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(&serde_json::to_string(key).ok()?);
        json.push(':');
        json.push_str(&minified(value.get()));
        has_more |= key != "type";
    }
    json.push('}');
    has_more.then_some(json)
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::default();
        while let Some(Key(key)) = object.next_key()? {
            fields.0.push((key, object.next_value()?));
        }
        Ok(fields)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collect)
    }
}

/// An object key, borrowed if possible.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_round_trip_for_items_of_the_same_type() {
        let item = r#"{"type":"function_call","id":"fc_1","call_id":"c","name":"n","arguments":"{}","status":"completed","namespace":null,"caller":{"type":"program"}}"#;
        let raw: &RawValue = serde_json::from_str(item).unwrap();
        let saved = signature(raw, &["call_id", "name", "arguments", "status"]).unwrap();
        assert_eq!(
            saved,
            r#"{"type":"function_call","id":"fc_1","caller":{"type":"program"}}"#
        );
        let fields = Fields::from_signature(Some(&saved), "function_call").unwrap();
        let fields: Vec<_> = fields.iter().collect();
        assert_eq!(fields, [("id", r#""fc_1""#), ("caller", r#"{"type":"program"}"#)]);
        assert!(Fields::from_signature(Some(&saved), "message").is_none());
        assert!(Fields::from_signature(Some("gAAAA"), "message").is_none());
        assert!(Fields::from_signature(None, "message").is_none());
        assert!(signature(raw, &["id", "call_id", "name", "arguments", "status", "caller"]).is_none());
    }
}
