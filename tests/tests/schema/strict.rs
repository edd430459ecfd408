//! OpenAI's published rules for strict schemas, checked for every schema that is marked as strict.
//!
//! Each rule names its source: "guide" is the section "Supported schemas" of OpenAI's guide "Structured Outputs";
//! "client" is `JsonSchemaValidator` in OpenAI's Java client, which checks schemas before it sends them and shows how to
//! count toward the guide's limits. Both sources are as of November 2026.

use agno::schema::{AnyDialect, Definition, EnumValue, Field, Node, SchemaRef, Tagging, Variant};
use serde_json::{Map, Value};

use super::corpus;

/// Guide, "Supported types"; for `null`, "All fields must be required" and "Recursive schemas are supported".
const TYPES: &[&str] = &[
    "string", "number", "boolean", "integer", "object", "array", "null",
];
/// Guide, "Supported properties".
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
/// Guide, "Supported properties", and client: the keywords allowed with a type. They exclude the keywords that the guide
/// lists as unsupported: `allOf`, `not`, `if`, `then`, `else`, `dependentRequired`, `dependentSchemas`, and for some
/// models `minLength`, `maxLength`, `patternProperties`, `uniqueItems` and others.
const KEYWORDS: &[(&str, &[&str])] = &[
    ("object", &["properties", "required", "additionalProperties"]),
    ("array", &["items", "minItems", "maxItems"]),
    ("string", &["enum", "pattern", "format"]),
    ("integer", NUMBERS),
    ("number", NUMBERS),
    ("boolean", &[]),
    ("null", &[]),
];
const NUMBERS: &[&str] = &[
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
];

/// Totals of a schema. Guide, "Objects have limitations on nesting depth and size" and the next two sections.
#[derive(Debug, Default, PartialEq)]
struct Totals {
    properties: usize,
    values: usize,
    characters: usize,
    levels: usize,
    large_enums: usize,
}

impl Totals {
    /// Computes the totals of a schema and checks its structure.
    fn new(schema: &Value) -> Self {
        // Guide, "Root objects must not be anyOf and must be an object".
        assert_eq!(schema["type"], "object", "the root must be an object: {schema}");
        let mut totals = Self::default();
        totals.count(schema, schema, 0);
        totals
    }

    /// Returns `true` if the totals are within the limits of the guide.
    fn are_within_limits(&self) -> bool {
        self.properties <= 5_000
            && self.values <= 1_000
            && self.characters <= 120_000
            && self.levels <= 10
            && self.large_enums == 0
    }

    /// Counts a schema and its nested schemas, each one level deeper (client: references are not followed, and a
    /// definition is one level below the root).
    fn count(&mut self, root: &Value, schema: &Value, level: usize) {
        self.levels = self.levels.max(level);
        let keywords = schema.as_object().expect("a schema is an object");
        // Client: a schema has exactly one of these keywords.
        let kinds = ["type", "anyOf", "$ref"];
        let present = kinds.iter().filter(|kind| keywords.contains_key(**kind));
        assert_eq!(present.count(), 1, "one of {kinds:?}: {schema}");
        if let Some(reference) = keywords.get("$ref") {
            // The API's error: "$ref cannot have keywords {'description'}".
            assert_eq!(
                keywords.len(),
                1,
                "a reference must be the only keyword: {schema}"
            );
            // Guide, "Definitions are supported" and "Recursive schemas are supported".
            let path = reference.as_str().unwrap().strip_prefix('#').unwrap();
            assert!(root.pointer(path).is_some(), "{reference} in {root}");
            return;
        }
        let mut allowed = vec!["description"];
        if level == 0 {
            allowed.push("$defs");
        }
        if let Some(shapes) = keywords.get("anyOf") {
            allowed.push("anyOf");
            // Guide, "For anyOf, the nested schemas must each be a valid JSON Schema per this subset".
            for shape in shapes.as_array().unwrap() {
                self.count(root, shape, level + 1);
            }
        } else {
            allowed.push("type");
            let kind = kind(&keywords["type"]);
            let (_, others) = KEYWORDS.iter().find(|(known, _)| *known == kind).unwrap();
            allowed.extend(*others);
            self.members(root, kind, keywords, level);
        }
        for keyword in keywords.keys() {
            assert!(allowed.contains(&&**keyword), "`{keyword}` in {schema}");
        }
        let definitions = keywords.get("$defs").and_then(Value::as_object);
        for (name, schema) in definitions.into_iter().flatten() {
            self.characters += name.len();
            self.count(root, schema, 1);
        }
    }

    fn members(&mut self, root: &Value, kind: &str, keywords: &Map<String, Value>, level: usize) {
        if let Some(format) = keywords.get("format") {
            assert!(FORMATS.contains(&format.as_str().unwrap()));
        }
        match kind {
            "object" => {
                // Guide, "additionalProperties: false must always be set in objects".
                assert_eq!(keywords["additionalProperties"], Value::Bool(false));
                let properties = keywords["properties"].as_object().unwrap();
                let required = keywords["required"].as_array().unwrap();
                // Guide, "All fields must be required".
                assert_eq!(required.len(), properties.len(), "{keywords:?}");
                for (name, property) in properties {
                    assert!(required.iter().any(|required| required == name));
                    self.properties += 1;
                    self.characters += name.len();
                    self.count(root, property, level + 1);
                }
            }
            "array" => self.count(root, &keywords["items"], level + 1),
            _ => {}
        }
        if let Some(values) = keywords.get("enum") {
            let values: Vec<&str> = values
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .collect();
            let characters: usize = values.iter().map(|value| value.len()).sum();
            self.values += values.len();
            self.characters += characters;
            // Guide, "Limitations on enum size".
            self.large_enums += usize::from(values.len() > 250 && characters > 15_000);
        }
    }
}

/// Returns the type, without an optional `null`. Guide, "All fields must be required".
fn kind(kind: &Value) -> &str {
    let name = match kind {
        Value::Array(both) => {
            assert_eq!((both.len(), &both[1]), (2, &Value::from("null")), "{kind}");
            &both[0]
        }
        name => name,
    };
    let name = name.as_str().unwrap();
    assert!(TYPES.contains(&name));
    name
}

#[test]
fn strict_schemas_follow_the_published_rules() {
    let mut strict = 0;
    for case in corpus::all() {
        if !case.schema.is_strict() {
            continue;
        }
        strict += 1;
        let schema: Value = serde_json::from_str(case.openai).unwrap();
        let totals = Totals::new(&schema);
        assert!(totals.are_within_limits(), "{}: {totals:?}", case.name);
    }
    assert!(strict > 20, "only {strict} types are strict");
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn schema(node: Node) -> SchemaRef {
    SchemaRef::new(leak(node))
}

fn text() -> SchemaRef {
    schema(Node::string())
}

fn object(fields: impl IntoIterator<Item = Field>) -> Node {
    Node::object(leak(fields.into_iter().collect::<Vec<_>>())).closed()
}

fn numbered(count: usize, of: SchemaRef) -> impl Iterator<Item = Field> {
    (0..count).map(move |at| Field::new(leak(format!("field_{at}")), of))
}

/// Returns an enum with `count` values of `length` characters.
fn enum_of(count: usize, length: usize) -> Node {
    let values = (0..count).map(|at| EnumValue::new(leak(format!("{at:0length$}"))));
    Node::enumeration(leak(values.collect::<Vec<_>>()))
}

fn named(name: &'static str, node: Node) -> SchemaRef {
    schema(node.definition(Definition::new(name, name)))
}

/// Returns objects, or alternating objects and arrays, nested `levels` levels deep.
fn deep(levels: usize, with_arrays: bool) -> Node {
    let mut inner = text();
    for level in (0..levels).rev() {
        inner = if with_arrays && level % 2 == 1 {
            schema(Node::array(inner))
        } else {
            schema(object([Field::new("inner", inner)]))
        };
    }
    *inner.get()
}

/// Returns `true` if a schema is strict, after checking its rendering.
fn is_strict(root: Node) -> bool {
    let root = schema(root);
    let text = root.to_json(AnyDialect::OpenAi);
    if !root.is_strict() {
        return false;
    }
    let totals = Totals::new(&serde_json::from_str(&text).unwrap());
    assert!(totals.are_within_limits(), "{totals:?}");
    true
}

#[test]
fn a_schema_deeper_than_ten_levels_is_not_strict() {
    assert!(is_strict(deep(10, false)));
    assert!(!is_strict(deep(11, false)));
    assert!(is_strict(deep(10, true)));
    assert!(!is_strict(deep(11, true)));
    // A type that is used twice becomes a definition, whose depth counts separately.
    let shared = named("shared", deep(6, true));
    let twice = |levels| {
        let mut root = object([Field::new("a", shared), Field::new("b", shared)]);
        for _ in 0..levels {
            root = object([Field::new("inner", schema(root))]);
        }
        root
    };
    assert!(is_strict(twice(7)));
    assert!(!is_strict(twice(11)));
}

#[test]
fn a_schema_larger_than_the_limits_is_not_strict() {
    assert!(is_strict(object(numbered(5_000, text()))));
    assert!(!is_strict(object(numbered(5_001, text()))));
    assert!(is_strict(object([Field::new("a", schema(enum_of(1_000, 4)))])));
    assert!(!is_strict(object([Field::new("a", schema(enum_of(1_001, 4)))])));
    assert!(is_strict(object([Field::new("a", schema(enum_of(251, 59)))])));
    assert!(!is_strict(object([Field::new("a", schema(enum_of(251, 60)))])));
    assert!(is_strict(object(numbered(5, schema(enum_of(200, 100))))));
    assert!(!is_strict(object(numbered(5, schema(enum_of(200, 120))))));
}

#[test]
fn repeated_parts_count_each_time() {
    // The values of an enum are repeated at each use.
    let values = named("values", enum_of(200, 4));
    assert!(is_strict(object(numbered(5, values))));
    assert!(!is_strict(object(numbered(6, values))));
    // A flattened enum repeats the surrounding fields in each of its shapes.
    let flattened = |count: usize| {
        let shapes = ["a", "b", "c"].map(|name| {
            let shape = object([Field::new(name, text())]);
            Variant::new(name, schema(shape))
        });
        let union = schema(Node::union(Tagging::Untagged, leak(shapes.to_vec())));
        let fields = numbered(count, text()).chain([Field::flatten(union)]);
        object([Field::new("a", schema(object(fields)))])
    };
    assert!(is_strict(flattened(1_600)));
    assert!(!is_strict(flattened(1_700)));
}

#[test]
fn schemas_that_strict_mode_does_not_support_are_not_strict() {
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
