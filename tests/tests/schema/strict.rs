//! OpenAI's published rules of strict schemas, held against everything that is said to be strict.

use serde_json::Value;

use super::corpus;

const TYPES: &[&str] = &[
    "string", "number", "boolean", "integer", "object", "array", "null",
];
const FORMATS: &[&str] = &[
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
];
const KEYWORDS: &[&str] = &[
    "type",
    "description",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "anyOf",
    "$ref",
    "$defs",
    "pattern",
    "format",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
];

#[derive(Default)]
struct Rules {
    properties: usize,
    values: usize,
    characters: usize,
}

impl Rules {
    fn hold(&mut self, schema: &Value, level: usize) {
        let keywords = schema.as_object().expect("a schema is an object");
        for keyword in keywords.keys() {
            assert!(KEYWORDS.contains(&&**keyword), "`{keyword}` in {schema}");
        }
        if keywords.contains_key("$ref") {
            assert_eq!(keywords.len(), 1, "nothing stands beside a reference: {schema}");
            return;
        }
        assert!(level <= 10, "at most ten levels");
        assert!(
            keywords.contains_key("type") || keywords.contains_key("anyOf"),
            "{schema}"
        );
        let types: Vec<&str> = match keywords.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().map(|name| name.as_str().unwrap()).collect(),
            _ => Vec::new(),
        };
        assert!(types.iter().all(|name| TYPES.contains(name)));
        if let Some(format) = keywords.get("format") {
            assert!(FORMATS.contains(&format.as_str().unwrap()));
        }
        if types.contains(&"object") {
            assert_eq!(keywords["additionalProperties"], Value::Bool(false), "{schema}");
            let properties = keywords["properties"].as_object().unwrap();
            let required: Vec<&str> = keywords["required"]
                .as_array()
                .unwrap()
                .iter()
                .map(|name| name.as_str().unwrap())
                .collect();
            assert_eq!(
                required.len(),
                properties.len(),
                "every property is required: {schema}"
            );
            self.properties += properties.len();
            for (name, property) in properties {
                assert!(required.contains(&&**name));
                self.characters += name.len();
                self.hold(property, level + 1);
            }
        }
        if types.contains(&"array") {
            self.hold(&keywords["items"], level);
        }
        if let Some(values) = keywords.get("enum") {
            let values = values.as_array().unwrap();
            self.values += values.len();
            let characters: usize = values.iter().filter_map(Value::as_str).map(str::len).sum();
            assert!(
                values.len() <= 250 || characters <= 15_000,
                "a large enum of long texts"
            );
            self.characters += characters;
        }
        for shape in keywords
            .get("anyOf")
            .into_iter()
            .flat_map(|shapes| shapes.as_array().unwrap())
        {
            self.hold(shape, level);
        }
        for (name, schema) in keywords
            .get("$defs")
            .into_iter()
            .flat_map(|defs| defs.as_object().unwrap())
        {
            self.characters += name.len();
            self.hold(schema, 1);
        }
    }
}

#[test]
fn what_is_said_to_be_strict_obeys_the_published_subset() {
    let mut strict = 0;
    for case in corpus::all() {
        if !case.schema.is_strict() {
            continue;
        }
        strict += 1;
        let schema: Value = serde_json::from_str(case.openai).unwrap();
        assert_eq!(schema["type"], "object", "the root is an object: {schema}");
        assert!(schema.get("anyOf").is_none(), "the root is one object");
        let mut rules = Rules::default();
        rules.hold(&schema, 1);
        assert!(rules.properties <= 5_000 && rules.values <= 1_000 && rules.characters <= 120_000);
    }
    assert!(strict > 20, "only {strict} types are strict");
}

#[test]
fn what_strict_mode_cannot_hold_falls_back() {
    let strict = |name: &str| {
        corpus::all()
            .into_iter()
            .find(|case| case.name == name)
            .unwrap()
            .schema
            .is_strict()
    };
    for name in [
        "hash_map",
        "any",
        "mixed",
        "flattened_map",
        "options",
        "with_json",
        "external",
        "vec",
        "u8",
    ] {
        assert!(!strict(name), "{name}");
    }
    for name in [
        "named",
        "nested",
        "recursive",
        "mutual",
        "constrained",
        "defaults",
        "pair",
    ] {
        assert_eq!(strict(name), name != "pair", "{name}");
    }
}
