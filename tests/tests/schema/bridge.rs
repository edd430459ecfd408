//! Types from other crates that implement `schemars::JsonSchema`: their schemas are generated at run time, reduced to
//! the keywords that providers accept, and used to validate arguments.

use std::collections::BTreeMap;

use agno::schema::{AnyDialect, runtime};
use agno::tool::{DynTool, DynTools, RunContext, ToolError, Toolset};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::generate::{self, Source};

/// An order, as another crate would declare it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    /// Order number.
    id: u32,
    total: f64,
    #[serde(default)]
    note: Option<String>,
    lines: Vec<Line>,
    ship_to: Address,
    bill_to: Option<Address>,
    labels: BTreeMap<String, u8>,
    payment: Payment,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Line {
    sku: String,
    count: u16,
    /// Components of this line.
    parts: Vec<Line>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Address {
    city: String,
    zip: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Payment {
    Cash,
    Card { last_digits: [u8; 4] },
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Nothing {}

fn tool() -> DynTool {
    DynTool::from_schemars("order", "Takes an order.", |order: Order, _run| async move {
        Ok::<_, ToolError>(order.id)
    })
    .unwrap()
}

fn parameters(tool: DynTool, dialect: AnyDialect) -> Value {
    let mut found = Value::Null;
    DynTools::new()
        .with_tool(tool)
        .unwrap()
        .declare(dialect, &mut |_spec, text| {
            let mut tool: Value = serde_json::from_str(text).unwrap();
            for key in ["parameters", "input_schema"] {
                if let Some(schema) = tool.get_mut(key) {
                    found = schema.take();
                }
            }
        });
    found
}

const DIALECTS: [AnyDialect; 4] = [
    AnyDialect::OpenAi,
    AnyDialect::Anthropic,
    AnyDialect::Gemini,
    AnyDialect::JsonSchema,
];

#[tokio::test]
async fn arguments_are_typed_and_errors_contain_paths() {
    let run = RunContext::detached();
    let valid = json!({
        "id": 7, "total": 1.5, "lines": [{"sku": "a", "count": 1, "parts": []}],
        "ship_to": {"city": "Oslo"}, "labels": {}, "payment": {"kind": "cash"},
    });
    let answer = tool().call(&valid.to_string(), &run).await;
    assert_eq!((answer.text(), answer.is_error), ("7".into(), false));

    let mut invalid = valid.clone();
    invalid["lines"][0]["count"] = json!(-1);
    invalid["ship_to"] = json!({});
    let answer = tool().call(&invalid.to_string(), &run).await;
    assert!(answer.is_error);
    assert!(
        answer
            .text()
            .contains("lines[0].count: expected at least 0, got -1"),
        "{}",
        answer.text()
    );
    assert!(
        answer.text().contains("ship_to.city: missing"),
        "{}",
        answer.text()
    );
}

#[test]
fn no_dialect_contains_unsupported_keywords() {
    for dialect in DIALECTS {
        let text = parameters(tool(), dialect).to_string();
        for keyword in ["$schema", "title", "uint", "double", "\"float\""] {
            assert!(!text.contains(keyword), "{dialect:?}: {text}");
        }
    }
    let gemini = parameters(tool(), AnyDialect::Gemini).to_string();
    for unsupported in [
        "$ref",
        "$defs",
        "additionalProperties",
        "oneOf",
        "const",
        "prefixItems",
        "\"null\"",
    ] {
        assert!(!gemini.contains(unsupported), "{unsupported}: {gemini}");
    }
    assert!(
        gemini.contains("Same structure as the enclosing Line."),
        "{gemini}"
    );
}

#[test]
fn a_type_that_is_not_an_object_is_rejected_as_arguments() {
    let error = DynTool::from_schemars("pay", "Pays.", |_: Payment, _run| async { Ok::<_, ToolError>(0) })
        .unwrap_err();
    assert!(
        error.to_string().contains("not the schema of an object"),
        "{error}"
    );
    assert!(
        DynTool::from_schemars("list", "Lists.", |_: Vec<u8>, _run| async {
            Ok::<_, ToolError>(0)
        })
        .is_err()
    );
}

#[test]
fn a_type_without_fields_is_an_object_without_properties() {
    for dialect in DIALECTS {
        let tool = DynTool::from_schemars("now", "Returns the time.", |_: Nothing, _run| async {
            Ok::<_, ToolError>(0)
        })
        .unwrap();
        let schema = parameters(tool, dialect);
        // Gemini rejects an object without properties, so the declaration has no parameters.
        if dialect == AnyDialect::Gemini {
            assert_eq!(schema, Value::Null);
            continue;
        }
        assert_eq!(
            (&schema["type"], &schema["properties"]),
            (&json!("object"), &json!({})),
            "{dialect:?}"
        );
    }
}

#[test]
fn values_that_match_a_foreign_schema_round_trip_through_serde() {
    let schema_with_defaults = runtime::schemars_schema::<Order>();
    let validators: Vec<_> = [AnyDialect::OpenAi, AnyDialect::Anthropic, AnyDialect::JsonSchema]
        .map(|dialect| jsonschema::draft202012::new(&parameters(tool(), dialect)).unwrap())
        .into();
    // The generator does not support `oneOf` or `const`.
    let schema: Value = serde_json::from_str(
        &schema_with_defaults
            .to_string()
            .replace("\"oneOf\"", "\"anyOf\"")
            .replace("\"const\":\"cash\"", "\"enum\":[\"cash\"]")
            .replace("\"const\":\"card\"", "\"enum\":[\"card\"]"),
    )
    .unwrap();
    let config = ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest::test_runner::TestRunner::new(config)
        .run(&any::<u64>(), |seed| {
            let value = generate::value(&schema, &mut Source(seed));
            prop_assert!(
                runtime::validate(&schema_with_defaults, &value).is_ok(),
                "{value}: {:?}",
                runtime::validate(&schema_with_defaults, &value)
            );
            let order: Order = serde_json::from_value(value.clone())
                .map_err(|error| TestCaseError::fail(format!("{value}: {error}")))?;
            let written = serde_json::to_value(order).unwrap();
            for validator in &validators {
                prop_assert!(validator.is_valid(&value), "{value}");
                prop_assert!(validator.is_valid(&written), "{written}");
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
