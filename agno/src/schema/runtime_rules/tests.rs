//! Checks of valid and invalid schemas.

use serde_json::{Map, json};

use super::*;

fn error(schema: &Value) -> String {
    check_schema(schema).unwrap_err().to_string()
}

#[test]
fn errors_name_the_pointer_and_the_reason() {
    let property = |schema: Value| json!({"type": "object", "properties": {"a": schema}});
    for (schema, expected) in [
        (
            json!({"type": "strin"}),
            "`/type`: unknown type \"strin\"; use `object`, `array`",
        ),
        (
            json!({"type": ["string", 1]}),
            "`/type`: expected the name of a type, got 1",
        ),
        (json!({"type": []}), "`/type`: expected at least one item"),
        (
            json!("string"),
            ": expected a schema (an object or a boolean), got \"string\"",
        ),
        (
            json!({"minimum": "1"}),
            "`/minimum`: expected a number, got \"1\"",
        ),
        (
            json!({"exclusiveMinimum": true}),
            "`/exclusiveMinimum`: expected a number, got true",
        ),
        (
            json!({"multipleOf": 0}),
            "`/multipleOf`: expected a number above 0, got 0",
        ),
        (
            json!({"maxLength": -1}),
            "`/maxLength`: expected an integer of at least 0, got -1",
        ),
        (
            json!({"uniqueItems": "yes"}),
            "`/uniqueItems`: expected a boolean, got \"yes\"",
        ),
        (
            json!({"required": "id"}),
            "`/required`: expected an array, got \"id\"",
        ),
        (
            json!({"required": [1]}),
            "`/required`: expected a property name, got 1",
        ),
        (json!({"enum": []}), "`/enum`: expected at least one item"),
        (
            json!({"properties": []}),
            "`/properties`: expected an object, got an array",
        ),
        (
            json!({"items": 1}),
            "`/items`: expected a schema (an object or a boolean), got 1",
        ),
        (json!({"anyOf": {}}), "`/anyOf`: expected an array, got an object"),
        (
            json!({"anyOf": [true, null]}),
            "`/anyOf/1`: expected a schema (an object or a boolean), got null",
        ),
        (
            json!({"pattern": "("}),
            "`/pattern`: the pattern \"(\" is invalid",
        ),
        (
            json!({"description": 1}),
            "`/description`: expected a string, got 1",
        ),
        (
            json!({"$ref": "other.json"}),
            "`/$ref`: \"other.json\" refers to another document; move",
        ),
        (
            json!({"$ref": "#/$defs/none"}),
            "`/$ref`: \"#/$defs/none\" refers to nothing in this schema",
        ),
        (
            json!({"$ref": "#/properties/a"}),
            "`/$ref`: \"#/properties/a\" refers to itself",
        ),
    ] {
        let got = error(&property(schema.clone()));
        let got = got.replace("at `/properties/a", "`").replace("``", "");
        assert!(got.starts_with(expected), "{schema}: {got}");
    }
    assert_eq!(
        error(&json!(1)),
        "at the root: expected a schema (an object or a boolean), got 1"
    );
    let escaped = json!({"properties": {"a/b~c": {"type": 1}}});
    assert!(error(&escaped).starts_with("at `/properties/a~1b~0c/type`"));
}

#[test]
fn common_schemas_are_valid() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "tree": {"$ref": "#/$defs/Tree"},
            "list": {"$ref": "#/$defs/List%3Cu8%3E"},
            "format": {"type": ["string", "null"], "format": "uri", "pattern": "^(?!x)\\p{L}+$"},
            "other": {"$ref": "#/components/Other", "description": "Elsewhere."},
            "any": true,
            "slots": {"type": "array", "items": [{"type": "string"}], "minItems": 1},
        },
        "required": [],
        "additionalProperties": false,
        "x-extension": {"type": "anything"},
        "default": {"type": "strin"},
        "$defs": {
            "Tree": {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}},
            "List<u8>": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}},
        },
        "components": {"Other": {"type": "string"}},
    });
    assert_eq!(check_schema(&schema), Ok(()));
}

#[test]
fn every_reference_target_is_checked() {
    let schema = json!({"$ref": "#/components/Other", "components": {"Other": {"type": "strin"}}});
    assert!(error(&schema).starts_with("at `/components/Other/type`: unknown type"));
}

#[test]
fn depth_and_size_are_limited() {
    let mut deep = json!({});
    for _ in 0..=MAX_DEPTH {
        deep = json!({"not": deep});
    }
    assert!(
        error(&deep).contains("nested more than 48 levels deep"),
        "{}",
        error(&deep)
    );
    let wide: Map<String, Value> = (0..=MAX_NODES).map(|n| (n.to_string(), json!({}))).collect();
    assert!(error(&json!({"properties": wide})).contains("more than 5000 parts"));
}
