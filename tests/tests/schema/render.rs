//! The exact text of each rendering. `make bless` rewrites the snapshots; review the diff before committing.

use std::fmt::Write as _;
use std::path::PathBuf;

use agno::schema::{AnyDialect, Dialect, Field, Limit, Node, Rendered, Schema, SchemaRef, dialect};
use agno_tests::bless;
use serde_json::Value;

use super::corpus;

fn snapshot(name: &str, lines: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/schema/snapshots")
        .join(name);
    bless(&file, lines);
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    for (expected, new) in expected.lines().zip(lines.lines()) {
        assert_eq!(expected, new, "{name}");
    }
    assert_eq!(expected.lines().count(), lines.lines().count(), "{name}");
}

#[test]
fn each_rendering_matches_its_snapshot() {
    let all = corpus::all();
    for (file, pick) in [
        (
            "openai.txt",
            (|case| case.openai) as fn(&corpus::Case) -> &'static str,
        ),
        ("anthropic.txt", |case| case.anthropic),
        ("gemini.txt", |case| case.gemini),
        ("json_schema.txt", |case| case.json),
    ] {
        let mut lines = String::new();
        for case in &all {
            let text = pick(case);
            let parsed: Value = serde_json::from_str(text).unwrap();
            assert!(parsed.is_object());
            let strict = if file == "openai.txt" && case.schema.is_strict() {
                " (strict)"
            } else {
                ""
            };
            writeln!(lines, "{}{strict}: {text}", case.name).unwrap();
        }
        snapshot(file, &lines);
    }
}

#[test]
fn run_time_renderings_equal_the_constants() {
    for case in corpus::all() {
        assert_eq!(case.schema.to_json(AnyDialect::OpenAi), case.openai);
        assert_eq!(case.schema.to_json(AnyDialect::Anthropic), case.anthropic);
        assert_eq!(case.schema.to_json(AnyDialect::Gemini), case.gemini);
        assert_eq!(case.schema.to_json(AnyDialect::JsonSchema), case.json);
    }
}

/// Returns the formats that a dialect supports, as documented by its provider or by JSON Schema.
fn formats(dialect: AnyDialect) -> &'static [&'static str] {
    match dialect {
        AnyDialect::Gemini => &["date-time"],
        AnyDialect::OpenAi => &[
            "date-time",
            "time",
            "date",
            "duration",
            "email",
            "hostname",
            "ipv4",
            "ipv6",
            "uuid",
        ],
        _ => &[
            "date-time",
            "time",
            "date",
            "duration",
            "email",
            "hostname",
            "ipv4",
            "ipv6",
            "uuid",
            "uri",
        ],
    }
}

/// Visits the keywords of a schema, but not property names or data.
fn keywords(schema: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        visit(keyword, value);
        match (&**keyword, value) {
            ("enum" | "default" | "examples" | "example", _) => {}
            ("properties" | "$defs", Value::Object(named)) => {
                named.values().for_each(|schema| keywords(schema, visit));
            }
            (_, Value::Array(schemas)) => schemas.iter().for_each(|schema| keywords(schema, visit)),
            (_, schema) => keywords(schema, visit),
        }
    }
}

#[test]
fn no_rendering_contains_unsupported_keywords() {
    for case in corpus::all() {
        for (dialect, text) in [
            (AnyDialect::OpenAi, case.openai),
            (AnyDialect::Anthropic, case.anthropic),
            (AnyDialect::Gemini, case.gemini),
            (AnyDialect::JsonSchema, case.json),
        ] {
            let schema: Value = serde_json::from_str(text).unwrap();
            keywords(&schema, &mut |keyword, value| {
                let forbidden = [
                    "$schema",
                    "$id",
                    "$comment",
                    "title",
                    "const",
                    "oneOf",
                    "allOf",
                    "definitions",
                ];
                assert!(!forbidden.contains(&keyword), "{}: {text}", case.name);
                if keyword == "format" {
                    assert!(
                        formats(dialect).contains(&value.as_str().unwrap()),
                        "{}: {text}",
                        case.name
                    );
                }
                let unsupported = [
                    "$ref",
                    "$defs",
                    "additionalProperties",
                    "prefixItems",
                    "uniqueItems",
                    "multipleOf",
                ];
                if dialect == AnyDialect::Gemini {
                    assert!(!unsupported.contains(&keyword), "{}: {text}", case.name);
                    assert!(!keyword.starts_with("exclusive"), "{}: {text}", case.name);
                    assert!(keyword != "type" || value.is_string(), "{}: {text}", case.name);
                }
            });
        }
    }
}

/// Returns the time.
#[agno::tool]
fn now() -> u32 {
    0
}

#[test]
fn a_tool_without_parameters_declares_an_empty_object_or_no_schema() {
    let by_hand = agno::tool::DynTool::from_fn(
        "now",
        "Returns the time.",
        serde_json::json!({"type": "object"}),
        |_args, _run| async { Ok::<_, agno::tool::ToolError>(0) },
    )
    .unwrap();
    let tools = agno::tool::DynTools::new().with_tool(by_hand).unwrap();
    for dialect in [
        AnyDialect::OpenAi,
        AnyDialect::Anthropic,
        AnyDialect::Gemini,
        AnyDialect::JsonSchema,
    ] {
        let mut declarations = vec![
            dialect.pick::<now>().to_owned(),
            dialect.pick::<NoParameters>().to_owned(),
        ];
        agno::tool::Toolset::declare(&tools, dialect, &mut |_spec, text| {
            declarations.push(text.to_owned());
        });
        assert_eq!(declarations.len(), 3);
        for declaration in declarations {
            let tool: Value = serde_json::from_str(&declaration).unwrap();
            let schema = tool.get("parameters").or(tool.get("input_schema"));
            // Gemini rejects an object without properties, so the declaration has no parameters.
            if dialect == AnyDialect::Gemini {
                assert_eq!(schema, None, "{declaration}");
                continue;
            }
            let schema = schema.unwrap();
            assert_eq!(schema["type"], "object", "{declaration}");
            assert_eq!(schema["properties"], serde_json::json!({}), "{declaration}");
        }
    }
}

struct Weather;
struct NoParameters;
struct Loose;
struct Answer;

const WEATHER: SchemaRef = SchemaRef::new(
    &Node::object(&[
        Field::new("city", SchemaRef::new(&Node::string().len(1, Some(80)))).description("City name."),
        Field::new(
            "days",
            SchemaRef::new(&Node::integer(Some(0), Some(255)).at_most(Limit::Int(7))),
        )
        .optional()
        .null_is_absent()
        .default("1"),
        Field::new("unit", <Option<corpus::Unit> as Schema>::SCHEMA),
    ])
    .closed(),
);
const EMPTY: SchemaRef = SchemaRef::new(&Node::object(&[]).closed());
const LOOSE: SchemaRef = SchemaRef::new(
    &Node::object(&[Field::new(
        "labels",
        <std::collections::HashMap<String, String> as Schema>::SCHEMA,
    )])
    .closed(),
);

agno::declare_tool!(Weather, "weather", "Current weather \"here\".", WEATHER);
agno::declare_tool!(NoParameters, "now", "", EMPTY);
agno::declare_tool!(Loose, "label", "", LOOSE);
agno::declare_output!(
    Answer,
    "answer",
    "A search result.",
    <corpus::Trip as Schema>::SCHEMA
);

#[test]
fn tools_and_outputs_match_their_snapshots() {
    let mut lines = String::new();
    for texts in [
        renderings::<Weather>(),
        renderings::<NoParameters>(),
        renderings::<Loose>(),
        renderings::<Answer>(),
    ] {
        for text in texts {
            let _: Value = serde_json::from_str(text).unwrap();
            writeln!(lines, "{text}").unwrap();
        }
    }
    snapshot("documents.txt", &lines);
}

fn renderings<R: Rendered>() -> [&'static str; 4] {
    assert_eq!(AnyDialect::Gemini.pick::<R>(), R::GEMINI);
    [
        dialect::OpenAi.pick::<R>(),
        dialect::Anthropic.pick::<R>(),
        dialect::Gemini.pick::<R>(),
        dialect::JsonSchema.pick::<R>(),
    ]
}

#[test]
fn decimals_are_rendered_exactly() {
    const LIMITS: &[(Limit, &str)] = &[
        (Limit::Float(0.5), "0.5"),
        (Limit::Float(-0.25), "-0.25"),
        (Limit::Float(0.1), "0.1"),
        (Limit::Float(2.71234), "2.71234"),
        (Limit::Float(1e-9), "0.000000001"),
        (Limit::Float(1e20), "100000000000000000000"),
        (Limit::Int(-3), "-3"),
    ];
    for (limit, text) in LIMITS {
        let node: &'static Node = Box::leak(Box::new(Node::number().at_least(*limit)));
        assert_eq!(
            SchemaRef::new(node).to_json(AnyDialect::JsonSchema),
            format!(r#"{{"type":"number","minimum":{text}}}"#)
        );
    }
}
