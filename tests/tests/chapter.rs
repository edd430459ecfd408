//! Checks that the chapter on compile-time checks matches the compiler's messages.
//!
//! The chapter's tables are generated from the `.stderr` files in `ui`, with one row per case. `make bless` rewrites the
//! tables. [`FREQUENT`] determines the order of the rows.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use agno_tests::{bless, is_blessing};

const CHAPTER: &str = "../agno/src/docs/compile_time.md";

/// The chapter's tables and the directories that contain their cases, in the order of the chapter.
const TABLES: [(&str, &str); 5] = [
    ("tool", "ui/tool/fail"),
    ("agent", "ui/agent/fail"),
    ("schema", "ui/schema/fail"),
    ("toolkit", "ui/toolkit/fail"),
    ("features", "ui/features/off"),
];

/// The cases at the top of a table, by how often users make the mistake: first what everybody forgets, then the types and
/// rules that have to be learned, then misspellings and habits of other frameworks. All other cases follow by name.
const FREQUENT: [(&str, &[&str]); 4] = [
    (
        "ui/tool/fail",
        &[
            "no_description",
            "type_without_schema",
            "type_without_deserialize",
            "nested_type_without_schema",
            "program_value",
            "references",
            "reference_to_unsized",
            "result_not_serializable",
            "error_without_display",
            "future_not_send",
            "self_outside_toolkit",
            "in_an_impl_block",
            "unknown_key",
            "argument_keys_of_other_frameworks",
            "keys_of_other_frameworks",
            "default_attribute",
            "default_of_wrong_type",
            "default_breaks_rule",
            "default_without_default",
            "several_broken_rules",
            "impl_trait",
            "generic",
            "no_result",
            "private_function",
            "blocking_async",
            "blocking_borrow",
            "extractor",
        ],
    ),
    (
        "ui/agent/fail",
        &[
            "run_without_model",
            "model_not_unwrapped",
            "function_without_tool",
            "unknown_tool",
            "self_without_toolkit",
            "field_named_without_self",
            "method_in_tools",
            "not_a_tool",
            "field_not_shareable",
            "not_sync",
            "trait_object_of_agno",
            "no_such_field",
            "unknown_placeholder",
            "field_without_display",
            "output_without_schema",
            "output_without_deserialize",
            "model_without_capability",
            "not_a_model",
            "model_value",
            "bad_model",
            "unknown_key",
            "key_of_another_framework",
            "agent_in_tools",
            "list_of_agents_field",
            "duplicate_tool_names",
            "instructions_function",
            "derive_instead_of_attribute",
        ],
    ),
    (
        "ui/schema/fail",
        &[
            "no_schema",
            "unsupported_types",
            "unknown_key",
            "known_elsewhere",
            "keys_of_other_crates",
            "schemars_attribute",
            "default_of_another_type",
            "range_beyond_the_type",
            "rule_on_the_wrong_type",
            "example_of_another_type",
            "serde_with",
            "misplaced_key",
            "flatten",
        ],
    ),
    (
        "ui/toolkit/fail",
        &[
            "tool_without_toolkit",
            "no_tools",
            "trait_object_field",
            "not_sync",
            "receiver",
            "program_value",
            "future_not_send",
            "two_blocks",
            "wrong_item",
            "unknown_key",
        ],
    ),
];

fn files(dir: &Path, end: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|extension| extension == end))
        .collect();
    files.sort();
    files
}

/// Returns the distinct messages in the text of a `.stderr` file, without error codes.
fn messages(text: &str) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("error")) {
        let Some((_, message)) = line.split_once(": ") else {
            continue;
        };
        let message = message.strip_prefix("evaluation panicked: ").unwrap_or(message);
        // An empty code span needs a space between the backticks.
        let message = message.replace("`` ", "` ` ").replace('|', "\\|");
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    messages
}

/// Returns the names of the cases at the top of the table of a directory.
fn frequent(dir: &str) -> &'static [&'static str] {
    let known = FREQUENT.iter().find(|(known, _)| *known == dir);
    known.map_or(&[], |(_, names)| *names)
}

fn table(dir: &str) -> String {
    let mut table = String::from("| mistake | error |\n|---|---|\n");
    let mut files = files(Path::new(dir), "stderr");
    let name = |file: &PathBuf| file.file_stem().unwrap().to_str().unwrap().to_owned();
    // The sort is stable, so that cases that are not listed remain sorted by name.
    files.sort_by_key(|file| {
        let position = frequent(dir).iter().position(|frequent| *frequent == name(file));
        position.unwrap_or(usize::MAX)
    });
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap().replace('_', " ");
        let messages = messages(&fs::read_to_string(&file).unwrap());
        assert!(
            !messages.is_empty(),
            "{} contains no error message",
            file.display()
        );
        writeln!(table, "| {name} | {} |", messages.join("<br>")).unwrap();
    }
    table
}

#[test]
fn the_tables_of_the_chapter_match_the_compiler() {
    let chapter = fs::read_to_string(CHAPTER).unwrap();
    let mut expected = chapter.clone();
    for (name, dir) in TABLES {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let from = expected.find(&start).unwrap() + start.len();
        let to = expected.find(&end).unwrap();
        expected.replace_range(from..to, &format!("\n{}\n", table(dir)));
    }
    bless(CHAPTER, &expected);
    assert!(
        is_blessing() || chapter == expected,
        "agno/src/docs/compile_time.md differs from the compiler's messages; run `make bless` and review the difference"
    );
}

#[test]
fn every_frequent_case_exists_once() {
    for (dir, names) in FREQUENT {
        for (index, name) in names.iter().enumerate() {
            assert!(
                Path::new(dir).join(format!("{name}.rs")).exists(),
                "{dir} has no case {name}"
            );
            assert!(!names[..index].contains(name), "{name} is listed twice");
        }
    }
}

#[test]
fn every_case_has_an_expected_message_and_is_in_a_table() {
    for dir in fs::read_dir("ui").unwrap().map(|dir| dir.unwrap().path()) {
        for kind in ["fail", "off"] {
            let cases = dir.join(kind);
            let known = TABLES.iter().any(|(_, known)| Path::new(known) == cases);
            let files = files(&cases, "rs");
            assert!(known || files.is_empty(), "{} has no table", cases.display());
            for file in files {
                assert!(
                    file.with_extension("stderr").exists(),
                    "{} has no `.stderr` file",
                    file.display()
                );
            }
        }
    }
}
