//! Adds limits to the unbounded values in schemas, so that a small model stops when it decodes under the schema. Strings
//! with a `pattern` or a `format` get no limit.

use serde_json::{Map, Value, json};

/// Maximum number of characters in a string whose schema sets no limit.
const MAX_TEXT: u64 = 600;
/// Maximum number of items in a list, or entries in a map, whose schema sets no limit.
const MAX_ITEMS: u64 = 24;
/// Maximum absolute value of a number whose schema sets no limit.
const MAX_NUMBER: i64 = 1_000_000_000_000;

/// Returns the schema with limits, in the format of the grammar engine. The only whitespace allowed is the space that
/// models usually write after a colon or a comma.
pub(super) fn bounded(schema: &Value) -> Value {
    let mut schema = schema.clone();
    bound(&mut schema);
    if let Value::Object(object) = &mut schema {
        let layout = json!({
            "key_separator": ": ",
            "item_separator": ", ",
            "whitespace_flexible": false,
            // Rules that the grammar cannot express are checked when the value is parsed.
            "lenient": true,
        });
        object.insert("x-guidance".to_owned(), layout);
    }
    schema
}

fn bound(schema: &mut Value) {
    let Value::Object(object) = schema else {
        return;
    };
    for key in ["properties", "$defs", "definitions", "patternProperties"] {
        if let Some(Value::Object(inner)) = object.get_mut(key) {
            inner.values_mut().for_each(bound);
        }
    }
    for key in [
        "items",
        "additionalProperties",
        "not",
        "prefixItems",
        "anyOf",
        "oneOf",
        "allOf",
    ] {
        match object.get_mut(key) {
            Some(Value::Array(inner)) => inner.iter_mut().for_each(bound),
            Some(inner) => bound(inner),
            None => {}
        }
    }
    if object.contains_key("enum") || object.contains_key("const") {
        return;
    }
    if is(object, "string") && !object.contains_key("pattern") && !object.contains_key("format") {
        object.entry("maxLength").or_insert_with(|| MAX_TEXT.into());
    }
    if is(object, "array") {
        object.entry("maxItems").or_insert_with(|| MAX_ITEMS.into());
    }
    if is(object, "integer") || is(object, "number") {
        if !object.contains_key("exclusiveMinimum") {
            object.entry("minimum").or_insert_with(|| (-MAX_NUMBER).into());
        }
        if !object.contains_key("exclusiveMaximum") {
            object.entry("maximum").or_insert_with(|| MAX_NUMBER.into());
        }
    }
    if is(object, "object") {
        if object.contains_key("properties") {
            object.entry("additionalProperties").or_insert(Value::Bool(false));
        } else if object.get("additionalProperties") != Some(&Value::Bool(false)) {
            object.entry("maxProperties").or_insert_with(|| MAX_ITEMS.into());
        }
    }
}

/// Returns `true` if the `type` of a schema includes `name`.
fn is(schema: &Map<String, Value>, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(item)) => item == name,
        Some(Value::Array(several)) => several.iter().any(|item| item == name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unbounded_types_get_limits() {
        let schema = json!({
            "type": "object",
            "properties": {
                "type": {"type": "string"},
                "size": {"type": ["integer", "null"], "minimum": 0},
                "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}},
            },
            "$defs": {"tag": {"type": "string", "maxLength": 5}},
        });
        let bounded = bounded(&schema);
        assert_eq!(bounded["properties"]["type"]["maxLength"], MAX_TEXT);
        assert_eq!(bounded["properties"]["size"]["minimum"], 0);
        assert_eq!(bounded["properties"]["size"]["maximum"], MAX_NUMBER);
        assert_eq!(bounded["properties"]["tags"]["maxItems"], MAX_ITEMS);
        assert_eq!(bounded["$defs"]["tag"]["maxLength"], 5);
        assert_eq!(bounded["additionalProperties"], false);
    }

    #[test]
    fn enums_get_no_limits() {
        let schema = json!({"type": "string", "enum": ["a", "b"]});
        assert_eq!(bounded(&schema).get("maxLength"), None);
    }
}
