//! Problems in words that a model can act on.

use agno::schema::{Field, Node, Schema, SchemaRef, runtime, validate};
use serde_json::json;

use super::corpus::*;

fn words<T: Schema>(text: &str) -> String {
    match validate(T::SCHEMA, text) {
        Ok(()) => "ok".to_owned(),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn what_is_wrong_is_told_with_its_path() {
    assert_eq!(
        words::<Trip>(
            r#"{"from": {}, "stops": [{"id": 1, "nights": 1}, {"id": -1, "nights": "x"}], "unit": "kelvin"}"#
        ),
        "from.city: missing; stops[1].id: expected an integer of at least 0, got -1; \
         stops[1].nights: expected an integer from 0 to 255, got \"x\"; \
         unit: expected one of \"celsius\", \"fahrenheit\", got \"kelvin\""
    );
    assert_eq!(
        words::<Closed>(r#"{"c": 1}"#),
        r#"unknown field "c"; expected "a", "b""#
    );
    assert_eq!(words::<Closed>(r#"{"a": 1, "a": 2}"#), "a: given twice");
    assert_eq!(words::<u8>("256"), "expected an integer from 0 to 255, got 256");
    assert_eq!(words::<u8>("5.0"), "expected an integer from 0 to 255, got 5.0");
    assert_eq!(words::<u64>("-1"), "expected an integer of at least 0, got -1");
    assert_eq!(words::<i128>("-170141183460469231731687303715884105728"), "ok");
    assert_eq!(words::<u128>("340282366920938463463374607431768211455"), "ok");
    assert_eq!(
        words::<u128>("\"1\""),
        "expected an integer of at least 0, got \"1\""
    );
    assert_eq!(words::<Option<bool>>("1"), "expected a boolean or null, got 1");
    assert_eq!(words::<(u8, u8)>("[1]"), "expected 2 items, got 1");
    assert_eq!(words::<[u8; 2]>("[1, 2, 3]"), "expected 2 items, got 3");
    assert_eq!(words::<Place>("[]"), "expected an object, got an array");
    assert_eq!(words::<Place>(""), "not valid JSON at line 1 column 0");
    assert_eq!(
        words::<Place>(r#"{"city": "Oslo"} x"#),
        "not valid JSON at line 1 column 18"
    );
}

#[test]
fn rules_are_held() {
    let good = json!({"die": 6, "offset": -0.5, "minute": 55, "price": 0.75, "short": "語語語", "two": [1, 1], "different": [1, 2]});
    assert_eq!(words::<Constrained>(&good.to_string()), "ok");
    let bad = json!({"die": 7, "offset": 0.5, "percent": 101, "minute": 7, "price": 0.3, "short": "", "two": [1], "different": [2, 2]});
    // Problems come in the order of the text, which for a `Value` depends on a feature of serde_json.
    let problems = words::<Constrained>(&bad.to_string());
    let mut told: Vec<&str> = problems.split("; ").collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "die: expected an integer from 1 to 6, got 7",
            "different[1]: the same as [0], but items must differ",
            "minute: expected a multiple of 5, got 7",
            "offset: expected a number of at least -0.5 and below 0.5, got 0.5",
            "percent: expected an integer of at most 100 or null, got 101",
            "price: expected a multiple of 0.25, got 0.3",
            "short: expected a string of 1 to 3 characters, got 0 characters",
            "two: expected at least 2 items, got 1",
        ]
    );
    assert_eq!(
        words::<Patterns>(r#"{"language": "english", "day": "", "flight": ""}"#),
        "language: expected text that matches `^[a-z]{2}$`, got \"english\""
    );
    assert_eq!(
        words::<WithJson>(r#"{"text": "a", "short": "long"}"#),
        "short: expected at most 3 characters, got 4"
    );
}

#[test]
fn enums_are_read_by_their_tag() {
    assert_eq!(words::<Event>(r#"{"type": "moved"}"#), "city: missing");
    assert_eq!(
        words::<Event>(r#"{"type": "flew"}"#),
        r#"type: expected one of "run_started", "moved", "ended", got "flew""#
    );
    assert_eq!(
        words::<Event>("{}"),
        r#"type: missing; expected one of "run_started", "moved", "ended""#
    );
    assert_eq!(words::<Event>("1"), "expected an object");
    assert_eq!(
        words::<Command>(r#"{"op": "Go", "args": 300}"#),
        "args: expected an integer from 0 to 255, got 300"
    );
    assert_eq!(words::<Shape>(r#"{"circle": {}}"#), "circle.radius: missing");
    assert_eq!(
        words::<Shape>(r#"{"oval": {}}"#),
        r#"expected an object with one of the keys "circle", "square", "line", got an object without one of them"#
    );
    assert_eq!(
        words::<Shape>(r#""something""#),
        r#"expected "nothing", got "something""#
    );
    assert_eq!(
        words::<Either>(r#"{"city": 5}"#),
        "fits none of the 5 accepted shapes; the nearest says; city: expected a string, got 5"
    );
    assert_eq!(words::<Unit>(r#""f""#), "ok");
    assert_eq!(
        words::<FlattenedEnum>(r#"{"at": 1, "type": "moved", "city": 1}"#),
        "city: expected a string, got 1"
    );
}

#[test]
fn recursive_values_are_checked_all_the_way() {
    assert_eq!(
        words::<Branch<u8>>(r#"{"value": 1, "branches": [{"value": 300, "branches": [{}]}]}"#),
        "branches[0].value: expected an integer from 0 to 255, got 300; \
         branches[0].branches[0].value: missing; branches[0].branches[0].branches: missing"
    );
    assert_eq!(
        words::<Folder>(
            r#"{"name": "a", "entries": [{"Folder": {"name": "b", "entries": [{"File": {}}]}}]}"#
        ),
        "entries[0].Folder.entries[0].File.name: missing"
    );
    let deep = format!(
        "{}1{}",
        r#"{"op": "not", "of": "#.repeat(5_000),
        "}".repeat(5_000)
    );
    assert_eq!(words::<Expression>(&deep), "nested too deeply");
    assert_eq!(words::<Vec<u8>>(&"[".repeat(100_000)), "nested too deeply");
}

#[test]
fn arguments_are_called_arguments_and_null_may_stand_for_none() {
    const ARGUMENTS: SchemaRef = SchemaRef::new(
        &Node::object(&[
            Field::new("days", u8::SCHEMA).optional().null_is_absent(),
            Field::new("at", Place::SCHEMA),
        ])
        .closed(),
    );
    let words = |text: &str| validate(ARGUMENTS, text).map_err(|problems| problems.to_string());
    assert_eq!(words(r#"{"days": null, "at": {"city": "a"}}"#), Ok(()));
    assert_eq!(
        words(r#"{"day": 1, "at": {"city": "a", "x": 1}}"#),
        Err(r#"unknown argument "day"; expected "days", "at""#.to_owned())
    );
}

#[test]
fn problems_are_few_and_short() {
    let many = format!("[{}]", "\"x\",".repeat(50) + "1");
    let problems = validate(<Vec<bool>>::SCHEMA, &many).unwrap_err();
    assert_eq!(problems.iter().count(), 8);
    assert!(problems.to_string().len() < 600);
    let long = format!(
        "{{\"{0}\": 1, \"city\": \"{0}\", \"zip\": {{}}}}",
        "k".repeat(10_000)
    );
    let problems = validate(Closed::SCHEMA, &long).unwrap_err();
    assert!(problems.to_string().len() < 600, "{problems}");
}

#[test]
fn only_rules_beyond_serde_make_a_schema_constrained() {
    const { assert!(!<Trip as Schema>::SCHEMA.is_constrained()) };
    const { assert!(!<Tree as Schema>::SCHEMA.is_constrained()) };
    const { assert!(!<[u8; 3] as Schema>::SCHEMA.is_constrained()) };
    const { assert!(!<char as Schema>::SCHEMA.is_constrained()) };
    const { assert!(<Constrained as Schema>::SCHEMA.is_constrained()) };
    const { assert!(<Patterns as Schema>::SCHEMA.is_constrained()) };
    const { assert!(<WithJson as Schema>::SCHEMA.is_constrained()) };
}

#[test]
fn schemas_known_at_run_time_are_held_too() {
    let schema = json!({
        "type": "object",
        "properties": {
            "a": {"type": ["integer", "null"], "exclusiveMinimum": 0, "multipleOf": 2},
            "b": {"$ref": "#/$defs/b"},
            "c": {"oneOf": [{"type": "string"}, {"const": 5}]},
            "d": {"type": "array", "items": {"enum": ["x", "y"]}, "minItems": 1, "maxItems": 2, "uniqueItems": true},
        },
        "required": ["a"],
        "additionalProperties": false,
        "$defs": {"b": {"type": "string", "minLength": 2, "maxLength": 3}},
    });
    let words = |value: serde_json::Value| {
        runtime::validate(&schema, &value).map_err(|problems| problems.to_string())
    };
    assert_eq!(words(json!({"a": 2, "b": "ab", "c": 5, "d": ["x"]})), Ok(()));
    assert_eq!(words(json!({"a": null})), Ok(()));
    assert_eq!(
        words(json!({"a": 0})),
        Err("a: expected more than 0, got 0".to_owned())
    );
    assert_eq!(
        words(json!({"a": 3})),
        Err("a: expected a multiple of 2, got 3".to_owned())
    );
    assert_eq!(
        words(json!({"a": 2, "b": "a"})),
        Err("b: expected at least 2 characters, got 1".to_owned())
    );
    assert_eq!(
        words(json!({"a": 2, "d": ["z"]})),
        Err(r#"d[0]: expected one of "x", "y", got "z""#.to_owned())
    );
    assert_eq!(
        words(json!({"a": 2, "e": 1})),
        Err(r#"unknown field "e"; expected "a", "b", "c", "d""#.to_owned())
    );
    assert!(
        words(json!({"a": 2, "c": 6}))
            .unwrap_err()
            .starts_with("c: fits none of the 2 accepted shapes")
    );
    let endless = json!({"$ref": "#"});
    assert_eq!(runtime::validate(&endless, &json!(1)), Ok(()));
}
