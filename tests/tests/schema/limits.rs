//! Limits on the time and depth of validation.

use agno::schema::{Schema, ValidationErrors, runtime, validate};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Schema, Deserialize)]
#[expect(dead_code, reason = "only the schema is used")]
struct Numbers {
    #[schema(unique)]
    all: Vec<u32>,
}

#[derive(Schema, Deserialize)]
#[expect(dead_code, reason = "only the schema is used")]
struct Patterns {
    #[schema(pattern = "^(([a-z]{1,50}){1,50})+$")]
    large: String,
    #[schema(pattern = "^[^<>]*$")]
    small: String,
}

fn error(result: Result<(), ValidationErrors>) -> String {
    result.unwrap_err().to_string()
}

/// Comparing each item with all previous items would require about 11 billion comparisons.
#[test]
fn uniqueness_of_148_000_items_is_checked_in_linear_time() {
    let mut numbers: Vec<u32> = (0..148_000).collect();
    assert_eq!(
        validate(Numbers::SCHEMA, &json!({"all": numbers}).to_string()),
        Ok(())
    );
    let schema = json!({"type": "array", "uniqueItems": true});
    assert_eq!(runtime::validate(&schema, &json!(numbers)), Ok(()));
    numbers.push(77);
    assert_eq!(
        error(validate(Numbers::SCHEMA, &json!({"all": numbers}).to_string())),
        "all[148000]: duplicate of [77], but items must be unique"
    );
    assert_eq!(
        error(runtime::validate(&schema, &json!(numbers))),
        "expected unique items"
    );
}

#[test]
fn a_string_that_is_too_long_for_its_pattern_is_an_error() {
    let checked = |large: usize, small: usize| {
        let value = json!({"large": "a".repeat(large), "small": "b".repeat(small)});
        validate(Patterns::SCHEMA, &value.to_string())
    };
    assert_eq!(checked(1_000, 50_000), Ok(()));
    let text = error(checked(100_000, 1));
    assert!(
        text.starts_with("large: longer than ") && text.contains(" bytes"),
        "{text}"
    );
}

#[test]
fn references_and_alternatives_that_multiply_are_bounded() {
    let mut definitions = serde_json::Map::new();
    for level in 0..40 {
        let keyword = ["allOf", "anyOf"][level % 2];
        let next = json!({"$ref": format!("#/$defs/l{}", level + 1)});
        definitions.insert(format!("l{level}"), json!({keyword: [next, next]}));
    }
    definitions.insert("l40".to_owned(), json!({"type": "string"}));
    let schema = json!({"$ref": "#/$defs/l0", "$defs": definitions});
    // Without a bound, this would take 2^40 steps.
    assert!(runtime::validate(&schema, &json!("valid")).is_err());
    let everywhere = json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}]});
    let text = error(runtime::validate(&everywhere, &json!(1)));
    assert!(text.starts_with("nested too deeply"), "{text}");
}

#[test]
fn large_values_with_references_are_valid() {
    let schema = json!({
        "type": "array",
        "items": {"$ref": "#/$defs/item"},
        "$defs": {"item": {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 0}]}},
    });
    let numbers: Vec<u32> = (0..100_000).collect();
    assert_eq!(runtime::validate(&schema, &json!(numbers)), Ok(()));
}

#[test]
fn deep_values_are_checked_on_a_small_stack() {
    let schema = json!({
        "type": "object",
        "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
        "additionalProperties": false,
    });
    let nested = |depth: usize| (0..depth).fold(Value::Null, |inner, _| json!({"next": inner}));
    std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || {
            assert_eq!(runtime::validate(&schema, &nested(60)), Ok(()));
            assert!(runtime::validate(&schema, &nested(120)).is_err());
        })
        .unwrap()
        .join()
        .unwrap();
}
