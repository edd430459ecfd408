//! Validation errors that a model can act on.

use agno::schema::{Field, Node, Schema, SchemaRef, runtime, validate};
use serde_json::json;

use super::corpus::*;

fn report<T: Schema>(text: &str) -> String {
    match validate(T::SCHEMA, text) {
        Ok(()) => "ok".to_owned(),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn each_problem_has_its_path() {
    assert_eq!(
        report::<Trip>(
            r#"{"from": {}, "stops": [{"id": 1, "nights": 1}, {"id": -1, "nights": "x"}], "unit": "kelvin"}"#
        ),
        "from.city: missing; stops[1].id: expected an integer of at least 0, got -1; \
         stops[1].nights: expected an integer from 0 to 255, got \"x\"; \
         unit: expected one of \"celsius\", \"fahrenheit\", got \"kelvin\""
    );
    assert_eq!(
        report::<Closed>(r#"{"c": 1}"#),
        r#"unknown field "c"; expected "a", "b""#
    );
    assert_eq!(report::<Closed>(r#"{"a": 1, "a": 2}"#), "a: duplicate key");
    assert_eq!(report::<u8>("256"), "expected an integer from 0 to 255, got 256");
    assert_eq!(report::<u8>("5.0"), "expected an integer from 0 to 255, got 5.0");
    assert_eq!(report::<u64>("-1"), "expected an integer of at least 0, got -1");
    assert_eq!(report::<i128>("-170141183460469231731687303715884105728"), "ok");
    assert_eq!(report::<u128>("340282366920938463463374607431768211455"), "ok");
    assert_eq!(
        report::<u128>("\"1\""),
        "expected an integer of at least 0, got \"1\""
    );
    assert_eq!(report::<Option<bool>>("1"), "expected a boolean or null, got 1");
    assert_eq!(report::<(u8, u8)>("[1]"), "expected 2 items, got 1");
    assert_eq!(report::<[u8; 2]>("[1, 2, 3]"), "expected 2 items, got 3");
    assert_eq!(report::<Place>("[]"), "expected an object, got an array");
    assert_eq!(report::<Place>(""), "not valid JSON at line 1 column 0");
    assert_eq!(
        report::<Place>(r#"{"city": "Oslo"} x"#),
        "not valid JSON at line 1 column 18"
    );
}

#[test]
fn rules_are_enforced() {
    let valid = json!({"die": 6, "offset": -0.5, "minute": 55, "price": 0.75, "short": "語語語", "two": [1, 1], "different": [1, 2]});
    assert_eq!(report::<Constrained>(&valid.to_string()), "ok");
    let invalid = json!({"die": 7, "offset": 0.5, "percent": 101, "minute": 7, "price": 0.3, "short": "", "two": [1], "different": [2, 2]});
    // Problems are in the order of the JSON fields, which for a `Value` depends on a feature of serde_json.
    let problems = report::<Constrained>(&invalid.to_string());
    let mut sorted: Vec<&str> = problems.split("; ").collect();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "die: expected an integer from 1 to 6, got 7",
            "different[1]: duplicate of [0], but items must be unique",
            "minute: expected a multiple of 5, got 7",
            "offset: expected a number of at least -0.5 and below 0.5, got 0.5",
            "percent: expected an integer of at most 100 or null, got 101",
            "price: expected a multiple of 0.25, got 0.3",
            "short: expected a string of 1 to 3 characters, got 0 characters",
            "two: expected at least 2 items, got 1",
        ]
    );
    assert_eq!(
        report::<Patterns>(r#"{"language": "english", "day": "", "flight": ""}"#),
        "language: expected a string that matches `^[a-z]{2}$`, got \"english\""
    );
    assert_eq!(
        report::<WithJson>(r#"{"text": "a", "short": "long"}"#),
        "short: expected at most 3 characters, got 4"
    );
}

#[test]
fn problems_in_enums_depend_on_the_tag() {
    assert_eq!(report::<Event>(r#"{"type": "moved"}"#), "city: missing");
    assert_eq!(
        report::<Event>(r#"{"type": "flew"}"#),
        r#"type: expected one of "run_started", "moved", "ended", got "flew""#
    );
    assert_eq!(
        report::<Event>("{}"),
        r#"type: missing; expected one of "run_started", "moved", "ended""#
    );
    assert_eq!(report::<Event>("1"), "expected an object");
    assert_eq!(
        report::<Command>(r#"{"op": "Go", "args": 300}"#),
        "args: expected an integer from 0 to 255, got 300"
    );
    assert_eq!(report::<Shape>(r#"{"circle": {}}"#), "circle.radius: missing");
    assert_eq!(
        report::<Shape>(r#"{"oval": {}}"#),
        r#"expected an object with one of the keys "circle", "square", "line", got an object with none of them"#
    );
    assert_eq!(
        report::<Shape>(r#""something""#),
        r#"expected "nothing", got "something""#
    );
    assert_eq!(
        report::<Either>(r#"{"city": 5}"#),
        "matches none of the 5 alternatives; errors of the closest one follow; city: expected a string, got 5"
    );
    assert_eq!(report::<Unit>(r#""f""#), "ok");
    assert_eq!(
        report::<FlattenedEnum>(r#"{"at": 1, "type": "moved", "city": 1}"#),
        "city: expected a string, got 1"
    );
}

#[test]
fn recursive_values_are_checked_at_every_level() {
    assert_eq!(
        report::<Branch<u8>>(r#"{"value": 1, "branches": [{"value": 300, "branches": [{}]}]}"#),
        "branches[0].value: expected an integer from 0 to 255, got 300; \
         branches[0].branches[0].value: missing; branches[0].branches[0].branches: missing"
    );
    assert_eq!(
        report::<Folder>(
            r#"{"name": "a", "entries": [{"Folder": {"name": "b", "entries": [{"File": {}}]}}]}"#
        ),
        "entries[0].Folder.entries[0].File.name: missing"
    );
    let deep = format!(
        "{}1{}",
        r#"{"op": "not", "of": "#.repeat(5_000),
        "}".repeat(5_000)
    );
    assert_eq!(report::<Expression>(&deep), "nested too deeply");
    assert_eq!(report::<Vec<u8>>(&"[".repeat(100_000)), "nested too deeply");
}

#[test]
fn unknown_arguments_are_named_and_null_can_mean_absent() {
    const ARGUMENTS: SchemaRef = SchemaRef::new(
        &Node::object(&[
            Field::new("days", u8::SCHEMA).optional().null_is_absent(),
            Field::new("at", Place::SCHEMA),
        ])
        .closed(),
    );
    let report = |text: &str| validate(ARGUMENTS, text).map_err(|problems| problems.to_string());
    assert_eq!(report(r#"{"days": null, "at": {"city": "a"}}"#), Ok(()));
    assert_eq!(
        report(r#"{"day": 1, "at": {"city": "a", "x": 1}}"#),
        Err(r#"unknown argument "day"; expected "days", "at""#.to_owned())
    );
}

#[test]
fn only_functions_that_deserialize_make_an_optional_field_required() {
    for (text, expected) in [
        (r#"{"read": null}"#, "ok"),
        (r#"{"written": null, "read": 1}"#, "ok"),
        (r#"{"written": 1}"#, "read: missing"),
    ] {
        assert_eq!(report::<OneDirection>(text), expected);
        let parsed = serde_json::from_str::<OneDirection>(text);
        assert_eq!(parsed.is_ok(), expected == "ok", "{text}: {parsed:?}");
    }
}

#[test]
fn the_number_and_length_of_problems_are_limited() {
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
fn run_time_schemas_are_enforced() {
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
    let report = |value: serde_json::Value| {
        runtime::validate(&schema, &value).map_err(|problems| problems.to_string())
    };
    assert_eq!(report(json!({"a": 2, "b": "ab", "c": 5, "d": ["x"]})), Ok(()));
    assert_eq!(report(json!({"a": null})), Ok(()));
    assert_eq!(
        report(json!({"a": 0})),
        Err("a: expected more than 0, got 0".to_owned())
    );
    assert_eq!(
        report(json!({"a": 3})),
        Err("a: expected a multiple of 2, got 3".to_owned())
    );
    assert_eq!(
        report(json!({"a": 2, "b": "a"})),
        Err("b: expected at least 2 characters, got 1".to_owned())
    );
    assert_eq!(
        report(json!({"a": 2, "d": ["z"]})),
        Err(r#"d[0]: expected one of "x", "y", got "z""#.to_owned())
    );
    assert_eq!(
        report(json!({"a": 2, "e": 1})),
        Err(r#"unknown field "e"; expected "a", "b", "c", "d""#.to_owned())
    );
    assert!(
        report(json!({"a": 2, "c": 6}))
            .unwrap_err()
            .starts_with("c: matches none of the 2 alternatives")
    );
    let recursive = json!({"$ref": "#"});
    assert_eq!(
        runtime::validate(&recursive, &json!(1)).unwrap_err().to_string(),
        "nested too deeply"
    );
}

#[test]
fn errors_beyond_the_limit_are_reported_as_truncated() {
    let numbers: Vec<String> = (0..20).map(|number| format!("\"{number}\"")).collect();
    let many = report::<Vec<u8>>(&format!("[{}]", numbers.join(",")));
    assert_eq!(many.matches("expected an integer").count(), 8, "{many}");
    assert!(many.ends_with("; there may be more errors"), "{many}");
    let few = report::<Vec<u8>>("[\"1\", \"2\"]");
    assert!(!few.contains("more errors"), "{few}");
}
