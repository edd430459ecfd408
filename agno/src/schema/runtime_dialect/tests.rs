//! Schemas from other sources, converted to each dialect.

use super::*;

fn arguments(schema: &Value, dialect: AnyDialect) -> Value {
    super::arguments(schema, dialect).unwrap_or_default()
}

#[test]
fn annotations_are_removed_but_properties_with_their_names_are_not() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Args",
        "type": "object",
        "properties": {
            "title": {"type": "string", "title": "Title", "format": "uri", "description": "Where"},
            "format": {"type": "integer", "format": "uint32", "minimum": 0, "default": {"title": 1}},
        },
    });
    assert_eq!(
        arguments(&schema, AnyDialect::OpenAi),
        json!({"type": "object", "properties": {
            "title": {"type": "string", "description": "Where. Format: uri."},
            "format": {"type": "integer", "minimum": 0, "default": {"title": 1}},
        }})
    );
    assert_eq!(
        arguments(&schema, AnyDialect::JsonSchema)["properties"]["title"]["format"],
        "uri"
    );
}

#[test]
fn missing_properties_become_empty_except_for_gemini() {
    let no_properties = json!({"type": "object"});
    for dialect in [AnyDialect::OpenAi, AnyDialect::Anthropic, AnyDialect::JsonSchema] {
        assert_eq!(
            arguments(&no_properties, dialect),
            json!({"type": "object", "properties": {}})
        );
    }
    assert_eq!(super::arguments(&no_properties, AnyDialect::Gemini), None);
}

#[test]
fn gemini_schemas_use_only_supported_keywords() {
    let schema = json!({
        "type": "object",
        "properties": {
            "at": {"$ref": "#/$defs/Place", "description": "Where to."},
            "maybe": {"anyOf": [{"$ref": "#/$defs/Place"}, {"type": "null"}]},
            "n": {"type": ["integer", "null"], "exclusiveMinimum": 0},
            "kind": {"oneOf": [{"const": "a"}, {"const": "b"}]},
            "pair": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}]},
            "map": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "additionalProperties": false,
        "$defs": {"Place": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "in": {"$ref": "#/$defs/Place"}},
            "required": ["city"],
        }},
    });
    let location = |description: Option<&str>| {
        let mut location = json!({
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "in": {"type": "object", "description": "Same structure as the enclosing Place."},
            },
            "required": ["city"],
        });
        if let Some(description) = description {
            location["description"] = json!(description);
        } else {
            location["nullable"] = json!(true);
        }
        location
    };
    assert_eq!(
        arguments(&schema, AnyDialect::Gemini),
        json!({"type": "object", "properties": {
            "at": location(Some("Where to.")),
            "maybe": location(None),
            "n": {"type": "integer", "nullable": true, "description": "Above 0."},
            "kind": {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"]}]},
            "pair": {"type": "array", "items": {"type": "number"}},
            "map": {"type": "object"},
        }})
    );
}

#[test]
fn exponentially_nested_references_produce_a_bounded_schema() {
    let mut defs = Map::new();
    for level in 0..40 {
        let next = json!({"$ref": format!("#/$defs/l{}", level + 1)});
        defs.insert(
            format!("l{level}"),
            json!({"type": "object", "properties": {"a": next, "b": next}}),
        );
    }
    let schema = json!({"$ref": "#/$defs/l0", "$defs": defs});
    assert!(arguments(&schema, AnyDialect::Gemini).to_string().len() < 1 << 20);
}

#[test]
fn gemini_receives_neither_empty_properties_nor_unknown_required_names() {
    let empty = json!({"type": "object", "properties": {}, "required": ["x"]});
    let schema = json!({
        "type": "object",
        "properties": {
            "plain": empty,
            "nullable": {"type": ["object", "null"], "properties": {}},
            "either": {"anyOf": [empty, {"type": "null"}]},
            "all": {"allOf": [empty, {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}]},
            "twice": {"allOf": [{"$ref": "#/$defs/x"}, {"$ref": "#/$defs/x"}]},
            "apart": {"type": "object", "properties": {"x": {"type": "string"}}, "allOf": [{"required": ["x"]}]},
            "list": {"type": "array", "items": {"$ref": "#/$defs/none"}},
        },
        "required": ["plain", "gone"],
        "$defs": {
            "none": {"type": "object", "properties": {}},
            "x": {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]},
        },
    });
    let x = json!({"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]});
    assert_eq!(
        arguments(&schema, AnyDialect::Gemini),
        json!({
            "type": "object",
            "properties": {
                "plain": {"type": "object"},
                "nullable": {"type": "object", "nullable": true},
                "either": {"type": "object", "nullable": true},
                "all": x,
                "twice": x,
                "apart": x,
                "list": {"type": "array", "items": {"type": "object"}},
            },
            "required": ["plain"],
        })
    );
}
