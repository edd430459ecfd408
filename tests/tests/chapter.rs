//! The chapter "What is checked at compile time" is what the compiler says, and nothing else.
//!
//! Its tables are written from the `.stderr` files of `ui`, one row a case; this test holds them equal.
//! `make bless` rewrites them.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use agno_tests::{bless, is_blessing};

const CHAPTER: &str = "../agno/src/docs/compile_time.md";

/// Each table of the chapter, and where its cases are.
const TABLES: [(&str, &str); 5] = [
    ("schema", "ui/schema/fail"),
    ("tool", "ui/tool/fail"),
    ("toolkit", "ui/toolkit/fail"),
    ("agent", "ui/agent/fail"),
    ("features", "ui/features/off"),
];

fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|found| found == end))
        .collect();
    files.sort();
    files
}

/// The messages of a case, each once, without the compiler's numbers.
fn messages(text: &str) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("error")) {
        let Some((_, message)) = line.split_once(": ") else {
            continue;
        };
        let message = message.strip_prefix("evaluation panicked: ").unwrap_or(message);
        // A name that is empty would end its own quotes.
        let message = message.replace("`` ", "` ` ").replace('|', "\\|");
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    messages
}

fn table(folder: &str) -> String {
    let mut table = String::from("| mistake | error |\n|---|---|\n");
    for file in files(Path::new(folder), "stderr") {
        let name = file.file_stem().unwrap().to_str().unwrap().replace('_', " ");
        let said = messages(&fs::read_to_string(&file).unwrap());
        assert!(!said.is_empty(), "{} says nothing", file.display());
        writeln!(table, "| {name} | {} |", said.join("<br>")).unwrap();
    }
    table
}

#[test]
fn the_tables_of_the_chapter_are_what_the_compiler_says() {
    let chapter = fs::read_to_string(CHAPTER).unwrap();
    let mut expected = chapter.clone();
    for (name, folder) in TABLES {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let from = expected.find(&start).unwrap() + start.len();
        let to = expected.find(&end).unwrap();
        expected.replace_range(from..to, &format!("\n{}\n", table(folder)));
    }
    bless(CHAPTER, &expected);
    assert!(
        is_blessing() || chapter == expected,
        "agno/src/docs/compile_time.md is not what the compiler says; `make bless`, and read the difference"
    );
}

#[test]
fn every_mistake_has_its_text_and_is_in_a_table() {
    for folder in fs::read_dir("ui").unwrap().map(|folder| folder.unwrap().path()) {
        for kind in ["fail", "off"] {
            let cases = folder.join(kind);
            let known = TABLES.iter().any(|(_, known)| Path::new(known) == cases);
            let files = files(&cases, "rs");
            assert!(known || files.is_empty(), "{} has no table", cases.display());
            for file in files {
                assert!(
                    file.with_extension("stderr").exists(),
                    "{} has no text",
                    file.display()
                );
            }
        }
    }
}
