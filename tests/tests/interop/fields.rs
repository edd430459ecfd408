//! A table of the fields that agno sends to each API, checked against the body of every request in `bodies.rs`.
//!
//! A row of `fields.tsv` contains an API, the path of a field and the types of the field's values. The path contains the
//! `role` and `type` of every object in a list: `messages[user].content[text].text` is the text of a user message. A field
//! with a user-defined shape, such as a JSON Schema or the arguments of a call, has a single row with the type `json`. A
//! new field, a new type or an unused row fails the test. `make bless` rewrites the table; check the difference against the
//! API's documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use agno_tests::bless;
use serde_json::Value;

use crate::bodies::bodies;

const HEADER: &str = "api\tfield\ttypes";

/// Path suffixes of fields with user-defined values: a JSON Schema, or the arguments or result of a call.
const FREE: [(&str, &[&str]); 8] = [
    (
        "openai",
        &[".function.parameters", "response_format.json_schema.schema"],
    ),
    ("openai-responses", &["].parameters", "text.format.schema"]),
    (
        "anthropic",
        &[
            "].input_schema",
            "[tool_use].input",
            "output_config.format.schema",
        ],
    ),
    (
        "gemini",
        &[
            ".parameters",
            ".functionCall.args",
            ".functionResponse.response",
            "generationConfig.responseSchema",
        ],
    ),
    (
        "ollama",
        &[".function.parameters", ".function.arguments", "format"],
    ),
    ("cohere", &[".function.parameters", "response_format.json_schema"]),
    (
        "mistral",
        &[".function.parameters", "response_format.json_schema.schema"],
    ),
    ("bedrock", &[".inputSchema.json", ".toolUse.input"]),
];

/// The types of each field, by API and path.
type Fields = BTreeMap<(String, String), BTreeSet<&'static str>>;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop/fields.tsv")
}

/// Collects the fields of a value at a path.
fn fields(api: &str, path: &str, value: &Value, all_fields: &mut Fields) {
    let (_, free) = FREE.iter().find(|(known, _)| *known == api).unwrap();
    let is_free = value.is_object() && free.iter().any(|end| path.ends_with(end));
    // A non-empty object has no row, because the rows of its fields imply it.
    let is_implied = !is_free && value.as_object().is_some_and(|object| !object.is_empty());
    if !is_implied {
        let kind = match value {
            _ if is_free => "json",
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let field = (api.to_owned(), path.to_owned());
        all_fields.entry(field).or_default().insert(kind);
    }
    match value {
        Value::Object(object) if !is_free => {
            for (key, value) in object {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                fields(api, &path, value, all_fields);
            }
        }
        Value::Array(list) => {
            for value in list {
                let tags = ["role", "type"].map(|tag| value[tag].as_str());
                let tags: Vec<&str> = tags.into_iter().flatten().collect();
                fields(api, &format!("{path}[{}]", tags.join(" ")), value, all_fields);
            }
        }
        _ => {}
    }
}

fn table(all_fields: &Fields) -> String {
    let mut table = format!("{HEADER}\n");
    for ((api, path), types) in all_fields {
        let types: Vec<&str> = types.iter().copied().collect();
        writeln!(table, "{api}\t{path}\t{}", types.join(", ")).unwrap();
    }
    table
}

#[tokio::test]
async fn requests_have_exactly_the_fields_in_the_table() {
    let (bodies, rejected) = bodies().await;
    // If agno rejected most cases, this test would check almost nothing.
    assert!(rejected.len() <= 16, "{rejected:?}");
    let mut all_fields = Fields::new();
    let mut count = BTreeMap::<&str, usize>::new();
    for body in &bodies {
        let value: Value = serde_json::from_str(&body.text).unwrap();
        assert!(value.is_object(), "{}", body.name);
        fields(body.api, "", &value, &mut all_fields);
        *count.entry(body.api).or_default() += 1;
    }
    assert_eq!(count.len(), FREE.len(), "{count:?}");
    assert!(count.values().all(|count| *count >= 30), "{count:?}");
    for (api, suffixes) in FREE {
        for end in suffixes {
            let is_used = |((known, path), types): (&(String, String), &BTreeSet<&str>)| {
                known == api && path.ends_with(end) && types.contains("json")
            };
            assert!(
                all_fields.iter().any(is_used),
                "no body for {api} has a field that ends with {end}"
            );
        }
    }

    let table = table(&all_fields);
    bless(file(), &table);
    let expected = std::fs::read_to_string(file()).unwrap_or_default();
    let missing: Vec<&str> = extra_lines(&table, &expected);
    let stale: Vec<&str> = extra_lines(&expected, &table);
    assert!(
        missing.is_empty() && stale.is_empty(),
        "the requests differ from tests/tests/interop/fields.tsv; check the fields against the API's documentation, then run \
         `make bless`\nsent, not in the table: {missing:#?}\nin the table, not sent: {stale:#?}"
    );
}

/// Returns the lines of `text` that `other` does not contain.
fn extra_lines<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let known: BTreeSet<&str> = other.lines().collect();
    text.lines().filter(|line| !known.contains(line)).collect()
}

#[test]
fn a_new_type_or_field_changes_or_adds_one_row() {
    let fields = |body: Value| {
        let mut all_fields = Fields::new();
        fields("openai", "", &body, &mut all_fields);
        table(&all_fields)
    };
    let body = serde_json::json!({
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
        "tools": [{"type": "function", "function": {"parameters": {"type": "object"}}}],
        "seed": 1,
    });
    let before = fields(body.clone());
    assert!(
        before.contains("openai\tmessages[user].content[text].text\tstring\n"),
        "{before}"
    );
    assert!(
        before.contains("openai\ttools[function].function.parameters\tjson\n"),
        "{before}"
    );
    for (key, value) in [("seed", "1".into()), ("sead", 1.into())] {
        let mut changed = body.clone();
        changed[key] = value;
        let after = fields(changed);
        assert_eq!(extra_lines(&after, &before).len(), 1, "{after}");
    }
}
