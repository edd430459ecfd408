//! What a schema accepts is what serde reads, and what serde writes is what the schema accepts.

use agno::schema::validate;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::corpus::{self, Case};
use super::generate::{self, Source};

/// The schema as an independent validator reads it.
fn validator(text: &str) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(text).unwrap();
    plain(&mut schema);
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// Gemini's words in those of JSON Schema.
fn plain(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            if keywords.remove("nullable") == Some(json!(true)) {
                let inner = std::mem::take(keywords);
                keywords.insert("anyOf".into(), json!([inner, {"type": "null"}]));
            }
            keywords.values_mut().for_each(plain);
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
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

/// What a dialect cannot say in full: its schema accepts more than serde.
fn is_looser(dialect: &str, name: &str) -> bool {
    match dialect {
        // Keys of maps are free in all but plain JSON Schema.
        "openai" | "anthropic" if matches!(name, "map_of_enum" | "map_of_integer") => true,
        // A format that is only told in words, and places of a list that are not told apart.
        "openai" | "gemini" if matches!(name, "url" | "booked") => true,
        "gemini"
            if matches!(
                name,
                "ipv6" | "chrono_date" | "chrono_delta" | "time_date" | "uuid" | "crate_pages" | "long_tuple"
            ) =>
        {
            true
        }
        // Strict mode has no word for the length of a text.
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

/// What a dialect says more narrowly than serde: it refuses some of what serde writes.
fn is_narrower(dialect: &str, name: &str) -> bool {
    match dialect {
        "gemini" => matches!(name, "any") || name.starts_with("recursive") || name == "mutual",
        // serde leaves out what strict mode wants said.
        "openai" => matches!(name, "skipped" | "bounded"),
        _ => false,
    }
}

fn holds(prepared: &Prepared, seed: u64) -> Result<(), TestCaseError> {
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
        let through = match (case.through)(&text) {
            Ok(through) => through,
            Err(error) => {
                prop_assert!(false, "{}/{dialect}: {text}: {error}", case.name);
                return Ok(());
            }
        };
        prop_assert!(
            validate(case.schema, &through.to_string()).is_ok(),
            "{}: wrote {through}",
            case.name
        );
        for (other, _, validator) in &prepared.dialects {
            if !is_narrower(other, case.name) {
                prop_assert!(
                    validator.is_valid(&through),
                    "{}/{other}: serde wrote {through}: {}",
                    case.name,
                    validator.validate(&through).unwrap_err()
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
fn what_a_schema_accepts_goes_through_serde_and_back() {
    let all = prepared();
    let mut runner = proptest::test_runner::TestRunner::new(config(200));
    runner
        .run(&any::<u64>(), |seed| {
            for prepared in &all {
                holds(prepared, seed)?;
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Where serde lets a mistake go unnoticed: a flattened `Option` that cannot be read is none, and the tag of a struct is
/// written but not read.
fn is_swallowed(name: &str) -> bool {
    matches!(name, "flattened_option" | "tagged_struct")
}

/// What serde reads and a model is not told of: the text of a decimal is exact, a number is not; any name of a variant
/// that has `other`.
fn is_lenient(name: &str) -> bool {
    matches!(name, "decimal" | "booked" | "crate_pages" | "with_other")
}

/// serde reads a struct from a list as well; a model is told of the object only.
fn as_list(problems: &agno::schema::ValidationErrors) -> bool {
    problems
        .iter()
        .all(|problem| problem.message().ends_with("got an array"))
}

/// Changes one thing somewhere in a value.
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
fn what_validates_is_read_by_serde_and_what_serde_refuses_does_not_validate() {
    let all = prepared();
    let mut runner = proptest::test_runner::TestRunner::new(config(300));
    runner
        .run(&any::<u64>(), |seed| {
            for prepared in &all {
                let case = &prepared.case;
                let (_, schema, plain) = &prepared.dialects[3];
                let mut source = Source(seed);
                let mut value = generate::value(schema, &mut source);
                mutate(&mut value, &mut source);
                let text = value.to_string();
                let read = (case.through)(&text);
                let ours = validate(case.schema, &text);
                match ours {
                    // serde knows nothing of formats of texts but those that its types parse.
                    Ok(()) => {
                        let parsed = case.json.contains("\"format\"");
                        prop_assert!(
                            parsed || read.is_ok(),
                            "{}: {text}: {}",
                            case.name,
                            read.unwrap_err()
                        );
                    }
                    Err(ours) => {
                        prop_assert!(ours.to_string().len() < 4_000);
                        let known = case.schema.is_constrained()
                            || is_swallowed(case.name)
                            || is_lenient(case.name)
                            || as_list(&ours);
                        prop_assert!(
                            known || read.is_err(),
                            "{}: serde reads {text}, but: {ours}",
                            case.name
                        );
                    }
                }
                // The independent validator is never looser, but for unknown fields, which serde passes over.
                if plain.is_valid(&value) {
                    prop_assert!(validate(case.schema, &text).is_ok(), "{}: {text}", case.name);
                }
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
