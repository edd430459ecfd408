//! OpenAI's published rules of strict schemas, held against everything that is said to be strict.
//!
//! Where each is published is said beside it: "guide" is OpenAI's guide "Structured Outputs", its part "Supported schemas";
//! "client" is `JsonSchemaValidator` of OpenAI's client for Java, which checks schemas before they are sent and so says how
//! the guide counts. Both as of November 2026.

use agno::schema::{AnyDialect, Definition, EnumValue as Word, Field, Node, SchemaRef, Tagging, Variant};
use serde_json::{Map, Value};

use super::corpus;

/// Guide, "Supported types"; `null` in "All fields must be required" and "Recursive schemas are supported".
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
/// Guide, "Supported properties", and client: what may stand beside a type. That leaves out what the guide names as not
/// supported: `allOf`, `not`, `if`, `then`, `else`, `dependentRequired`, `dependentSchemas`, and for some models
/// `minLength`, `maxLength`, `patternProperties`, `uniqueItems` and their like.
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

/// What is counted over a whole schema. Guide, "Objects have limitations on nesting depth and size" and the next two parts.
#[derive(Debug, Default, PartialEq)]
struct Rules {
    properties: usize,
    values: usize,
    characters: usize,
    levels: usize,
    large_enums: usize,
}

impl Rules {
    /// The counts of a whole schema, which must have the right form.
    fn of(schema: &Value) -> Self {
        // Guide, "Root objects must not be anyOf and must be an object".
        assert_eq!(schema["type"], "object", "the root is an object: {schema}");
        let mut rules = Self::default();
        rules.hold(schema, schema, 0);
        rules
    }

    /// Guide, the numbers.
    fn are_kept(&self) -> bool {
        self.properties <= 5_000
            && self.values <= 1_000
            && self.characters <= 120_000
            && self.levels <= 10
            && self.large_enums == 0
    }

    /// A schema and those within it, each of which is one level deeper (client: a reference is not followed, and a
    /// definition is one level below the root).
    fn hold(&mut self, root: &Value, schema: &Value, level: usize) {
        self.levels = self.levels.max(level);
        let keywords = schema.as_object().expect("a schema is an object");
        // Client.
        let kinds = ["type", "anyOf", "$ref"];
        let given = kinds.iter().filter(|kind| keywords.contains_key(**kind));
        assert_eq!(given.count(), 1, "one of {kinds:?}: {schema}");
        if let Some(reference) = keywords.get("$ref") {
            // The API's own refusal: "$ref cannot have keywords {'description'}".
            assert_eq!(keywords.len(), 1, "nothing stands beside a reference: {schema}");
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
                self.hold(root, shape, level + 1);
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
            self.hold(root, schema, 1);
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
                    self.hold(root, property, level + 1);
                }
            }
            "array" => self.hold(root, &keywords["items"], level + 1),
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

/// The type beside which `null` may stand. Guide, "All fields must be required".
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
fn what_is_said_to_be_strict_obeys_the_published_subset() {
    let mut strict = 0;
    for case in corpus::all() {
        if !case.schema.is_strict() {
            continue;
        }
        strict += 1;
        let schema: Value = serde_json::from_str(case.openai).unwrap();
        let rules = Rules::of(&schema);
        assert!(rules.are_kept(), "{}: {rules:?}", case.name);
    }
    assert!(strict > 20, "only {strict} types are strict");
}

fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn schema(node: Node) -> SchemaRef {
    SchemaRef::new(kept(node))
}

fn text() -> SchemaRef {
    schema(Node::string())
}

fn object(fields: impl IntoIterator<Item = Field>) -> Node {
    Node::object(kept(fields.into_iter().collect::<Vec<_>>())).closed()
}

fn numbered(count: usize, of: SchemaRef) -> impl Iterator<Item = Field> {
    (0..count).map(move |at| Field::new(kept(format!("field_{at}")), of))
}

/// An enum of so many words of this length.
fn words(count: usize, length: usize) -> Node {
    let words = (0..count).map(|at| Word::new(kept(format!("{at:0length$}"))));
    Node::enumeration(kept(words.collect::<Vec<_>>()))
}

fn named(name: &'static str, node: Node) -> SchemaRef {
    schema(node.definition(Definition::new(name, name)))
}

/// An object in a list in an object .., so many levels below the root.
fn deep(levels: usize, listed: bool) -> Node {
    let mut inner = text();
    for level in (0..levels).rev() {
        inner = if listed && level % 2 == 1 {
            schema(Node::array(inner))
        } else {
            schema(object([Field::new("inner", inner)]))
        };
    }
    *inner.get()
}

/// Whether the schema is strict, after holding what is written for it to the rules.
fn is_strict(root: Node) -> bool {
    let root = schema(root);
    let text = root.to_json(AnyDialect::OpenAi);
    if !root.is_strict() {
        return false;
    }
    let rules = Rules::of(&serde_json::from_str(&text).unwrap());
    assert!(rules.are_kept(), "{rules:?}");
    true
}

#[test]
fn what_is_deeper_than_ten_levels_is_not_strict() {
    assert!(is_strict(deep(10, false)));
    assert!(!is_strict(deep(11, false)));
    assert!(is_strict(deep(10, true)));
    assert!(!is_strict(deep(11, true)));
    // What is used twice is referred to, and stands on its own.
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
fn what_is_larger_than_the_limits_is_not_strict() {
    assert!(is_strict(object(numbered(5_000, text()))));
    assert!(!is_strict(object(numbered(5_001, text()))));
    assert!(is_strict(object([Field::new("a", schema(words(1_000, 4)))])));
    assert!(!is_strict(object([Field::new("a", schema(words(1_001, 4)))])));
    assert!(is_strict(object([Field::new("a", schema(words(251, 59)))])));
    assert!(!is_strict(object([Field::new("a", schema(words(251, 60)))])));
    assert!(is_strict(object(numbered(5, schema(words(200, 100))))));
    assert!(!is_strict(object(numbered(5, schema(words(200, 120))))));
}

#[test]
fn what_is_written_more_than_once_counts_more_than_once() {
    // The words of an enum stand wherever it is used.
    let words = named("words", words(200, 4));
    assert!(is_strict(object(numbered(5, words))));
    assert!(!is_strict(object(numbered(6, words))));
    // A flattened enum has the fields around it in each of its shapes.
    let around = |count: usize| {
        let shapes = ["a", "b", "c"].map(|name| {
            let shape = object([Field::new(name, text())]);
            Variant::new(name, schema(shape))
        });
        let union = schema(Node::union(Tagging::Untagged, kept(shapes.to_vec())));
        let fields = numbered(count, text()).chain([Field::flatten(union)]);
        object([Field::new("a", schema(object(fields)))])
    };
    assert!(is_strict(around(1_600)));
    assert!(!is_strict(around(1_700)));
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
