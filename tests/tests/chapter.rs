//! Checks that the chapter on compile-time checks matches the compiler's messages.
//!
//! The chapter's tables are generated from the `.stderr` files in `ui`, with one row per case. `make bless` rewrites the
//! tables.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use agno_tests::{bless, is_blessing};

const CHAPTER: &str = "../agno/src/docs/compile_time.md";

/// The chapter's tables and the directories that contain their cases.
const TABLES: [(&str, &str); 5] = [
    ("schema", "ui/schema/fail"),
    ("tool", "ui/tool/fail"),
    ("toolkit", "ui/toolkit/fail"),
    ("agent", "ui/agent/fail"),
    ("features", "ui/features/off"),
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

fn table(dir: &str) -> String {
    let mut table = String::from("| mistake | error |\n|---|---|\n");
    for file in files(Path::new(dir), "stderr") {
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
