//! Reads the fields of a JSON object in order, with unparsed values. This is used to rewrite schemas field by field,
//! and to read replies in which a key names the kind of its value.

use std::borrow::Cow;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::lenient::LenientStr;

/// The fields of an object, in order.
pub(crate) type Entries<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// Returns the fields of a JSON object in order, or `None` for any other value.
pub(crate) fn entries(object: &RawValue) -> Option<Entries<'_>> {
    struct Fields;
    impl<'de> Visitor<'de> for Fields {
        type Value = Entries<'de>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut fields = Vec::new();
            while let Some((key, value)) = map.next_entry::<LenientStr<'de>, &'de RawValue>()? {
                fields.push((key.0.unwrap_or_default(), value));
            }
            Ok(fields)
        }
    }
    serde_json::Deserializer::from_str(object.get())
        .deserialize_map(Fields)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_the_field_order_and_require_an_object() {
        let read = |json: &'static str| {
            let fields = entries(serde_json::from_str(json).unwrap())?;
            let fields = fields
                .into_iter()
                .map(|(key, value)| format!("{key}={}", value.get()));
            Some(fields.collect::<Vec<_>>())
        };
        let fields = ["b=[1, 2]".to_owned(), "a=null".to_owned()];
        assert_eq!(read(r#"{"b":[1, 2],"a":null}"#).as_deref(), Some(&fields[..]));
        assert_eq!(read("{}"), Some(Vec::new()));
        for other in ["[1]", "1", "null", "\"{}\""] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
