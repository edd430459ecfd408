//! Round trips: serde reads every value that matches a schema, and the values that serde writes match the schema.

use agno::schema::validate;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::corpus::{self, Case};
use super::generate::{self, Source};

/// Returns an independent validator for a schema.
fn validator(text: &str) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(text).unwrap();
    to_json_schema(&mut schema);
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// Translates Gemini's keywords to JSON Schema.
fn to_json_schema(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            if keywords.remove("nullable") == Some(json!(true)) {
                let inner = std::mem::take(keywords);
                keywords.insert("anyOf".into(), json!([inner, {"type": "null"}]));
            }
            keywords.values_mut().for_each(to_json_schema);
        }
        Value::Array(items) => items.iter_mut().for_each(to_json_schema),
        _ => {}
    }
}

struct Prepared {
    case: Case,
    dialects: [(&'static str, Value, jsonschema::Validator); 4],
}

fn prepared() -> Vec<Prepared> {
    let prepare = |case: Case| {
        let dialects = [
            ("openai", case.openai),
            ("anthropic", case.anthropic),
            ("gemini", case.gemini),
            ("json", case.json),
        ]
        .map(|(name, text)| (name, serde_json::from_str(text).unwrap(), validator(text)));
        Prepared { case, dialects }
    };
    corpus::all().into_iter().map(prepare).collect()
}

/// Returns `true` if the dialect's schema accepts more values than serde, because the dialect cannot express every
/// rule.
fn is_looser(dialect: &str, name: &str) -> bool {
    match dialect {
        // Only plain JSON Schema can restrict the keys of maps.
        "openai" | "anthropic" if matches!(name, "map_of_enum" | "map_of_integer") => true,
        // Both dialects describe some formats only in text, and Gemini cannot give each item of an array its own type.
        "openai" | "gemini" if matches!(name, "url" | "booked") => true,
        "gemini"
            if matches!(
                name,
                "ipv6" | "chrono_date" | "chrono_delta" | "time_date" | "uuid" | "crate_pages" | "long_tuple"
            ) =>
        {
            true
        }
        // Strict mode has no keyword for the length of a string.
        "openai" => matches!(name, "char" | "constrained" | "patterns" | "with_type"),
        "gemini" => matches!(
            name,
            "hash_map"
                | "map_of_enum"
                | "map_of_integer"
                | "options"
                | "flattened_map"
                | "mixed"
                | "any"
                | "recursive"
                | "recursive_root_option"
                | "mutual"
                | "recursive_enum"
                | "recursive_generic"
                | "recursive_newtype"
                | "recursive_inlined"
                | "constrained"
                | "patterns"
                | "ipv4"
                | "ip"
                | "external_deep"
                | "external"
        ),
        _ => false,
    }
}

/// Returns `true` if the dialect's schema rejects some values that serde writes.
fn is_narrower(dialect: &str, name: &str) -> bool {
    match dialect {
        "gemini" => matches!(name, "any") || name.starts_with("recursive") || name == "mutual",
        // serde omits fields that strict mode requires.
        "openai" => matches!(name, "skipped" | "bounded"),
        _ => false,
    }
}

fn check_case(prepared: &Prepared, seed: u64) -> Result<(), TestCaseError> {
    let case = &prepared.case;
    for (dialect, schema, validator) in &prepared.dialects {
        let value = generate::value(schema, &mut Source(seed));
        let text = value.to_string();
        prop_assert!(
            validator.is_valid(&value),
            "{}/{dialect}: generated {text}",
            case.name
        );
        if is_looser(dialect, case.name) {
            continue;
        }
        if let Err(problems) = validate(case.schema, &text) {
            prop_assert!(false, "{}/{dialect}: {text}: {problems}", case.name);
        }
        let written = match (case.round_trip)(&text) {
            Ok(written) => written,
            Err(error) => {
                prop_assert!(false, "{}/{dialect}: {text}: {error}", case.name);
                return Ok(());
            }
        };
        prop_assert!(
            validate(case.schema, &written.to_string()).is_ok(),
            "{}: wrote {written}",
            case.name
        );
        for (other, _, validator) in &prepared.dialects {
            if !is_narrower(other, case.name) {
                prop_assert!(
                    validator.is_valid(&written),
                    "{}/{other}: serde wrote {written}: {}",
                    case.name,
                    validator.validate(&written).unwrap_err()
                );
            }
        }
    }
    Ok(())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn values_that_match_a_schema_round_trip_through_serde() {
    let all = prepared();
    let mut runner = proptest::test_runner::TestRunner::new(config(200));
    runner
        .run(&any::<u64>(), |seed| {
            for prepared in &all {
                check_case(prepared, seed)?;
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Returns `true` if serde ignores some errors in a type: an invalid flattened `Option` becomes `None`, and the tag of
/// a struct is written but not read.
fn ignores_errors(name: &str) -> bool {
    matches!(name, "flattened_option" | "tagged_struct")
}

/// Returns `true` if serde accepts values that the schema of a type rejects: decimals written as numbers, and any
/// variant name if the enum has a variant with `#[serde(other)]`.
fn is_lenient(name: &str) -> bool {
    matches!(name, "decimal" | "booked" | "crate_pages" | "with_other")
}

/// Returns `true` if every problem is an array instead of an object, because serde also reads a struct from an array.
fn is_array(problems: &agno::schema::ValidationErrors) -> bool {
    problems
        .iter()
        .all(|problem| problem.message().ends_with("got an array"))
}

/// Changes one part of a value.
fn mutate(value: &mut Value, source: &mut Source) {
    let deeper = source.below(3) > 0;
    match value {
        Value::Object(fields) if deeper && !fields.is_empty() => {
            let index = source.below(fields.len());
            if let Some(value) = fields.values_mut().nth(index) {
                mutate(value, source);
            }
        }
        Value::Array(items) if deeper && !items.is_empty() => {
            let index = source.below(items.len());
            mutate(&mut items[index], source);
        }
        Value::Object(fields) if source.below(2) == 0 => {
            if source.below(2) == 0 {
                fields.insert("extra".into(), json!(1));
            } else if let Some(key) = fields.keys().next().cloned() {
                fields.remove(&key);
            }
        }
        Value::Array(items) if source.below(2) == 0 => items.push(json!("extra")),
        other => {
            let samples = [
                json!(null),
                json!(-1),
                json!(300),
                json!(1.5),
                json!("x"),
                json!([]),
                json!({}),
                json!(true),
            ];
            *other = samples[source.below(samples.len())].clone();
        }
    }
}

#[test]
fn validation_agrees_with_serde_for_mutated_values() {
    let all = prepared();
    let mut runner = proptest::test_runner::TestRunner::new(config(300));
    runner
        .run(&any::<u64>(), |seed| {
            for prepared in &all {
                let case = &prepared.case;
                let (_, schema, validator) = &prepared.dialects[3];
                let mut source = Source(seed);
                let mut value = generate::value(schema, &mut source);
                mutate(&mut value, &mut source);
                let text = value.to_string();
                let read = (case.round_trip)(&text);
                let validation = validate(case.schema, &text);
                match validation {
                    // agno does not check a `format`, so serde may reject a string that passes validation.
                    Ok(()) => {
                        let parsed = case.json.contains("\"format\"");
                        prop_assert!(
                            parsed || read.is_ok(),
                            "{}: {text}: {}",
                            case.name,
                            read.unwrap_err()
                        );
                    }
                    Err(problems) => {
                        prop_assert!(problems.to_string().len() < 4_000);
                        let known = case.schema.is_constrained()
                            || ignores_errors(case.name)
                            || is_lenient(case.name)
                            || is_array(&problems);
                        prop_assert!(
                            known || read.is_err(),
                            "{}: serde reads {text}, but: {problems}",
                            case.name
                        );
                    }
                }
                // agno accepts every value that the independent validator accepts.
                if validator.is_valid(&value) {
                    prop_assert!(validate(case.schema, &text).is_ok(), "{}: {text}", case.name);
                }
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
