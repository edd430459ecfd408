//! Rules for tests: an ignored test has a reason that contains the command to run it, no test passes because a resource is
//! missing, and no test measures real time.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The crates of the workspace that have tests.
const CRATES: [&str; 6] = ["agno", "agno-gguf", "agno-macros", "benches", "examples", "tests"];

/// Returns every line of Rust code in these directories, with the file and line number. Skips code that is compiled
/// separately.
fn lines(directories: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut directories: Vec<PathBuf> = directories.iter().map(|dir| root.join(dir)).collect();
    let mut lines = Vec::new();
    while let Some(dir) = directories.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let is_omitted = path.ends_with("tests/ui") || path.ends_with("benches/peers");
            if path.is_dir() && !is_omitted {
                directories.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                let text = fs::read_to_string(&path).unwrap();
                let numbered = text.lines().enumerate();
                lines.extend(
                    numbered.map(|(number, line)| (format!("{name}:{}", number + 1), line.to_owned())),
                );
            }
        }
    }
    assert!(!lines.is_empty());
    lines
}

/// Returns the Makefile target in the reason of an ignored test.
fn target(reason: &str) -> Option<&str> {
    let (_, command) = reason.split_once("; run `make ")?;
    command.split(['`', ' ']).next()
}

#[test]
fn every_ignored_test_has_a_reason_and_a_command_that_runs_it() {
    let makefile = include_str!("../../../Makefile");
    // Concatenated, so that this line does not match.
    let [attribute, condition] = [["#[", "ignore"], [", ", "ignore"]].map(|parts| parts.concat());
    let mut count = 0;
    for (position, line) in lines(&CRATES) {
        let Some(rest) = line.trim().strip_prefix(attribute.as_str()) else {
            assert!(
                !line.contains(&condition),
                "{position}: conditionally ignored: {line}"
            );
            continue;
        };
        count += 1;
        let target =
            target(rest).unwrap_or_else(|| panic!("{position}: no \"…; run `make TARGET`\": {line}"));
        assert!(
            makefile
                .lines()
                .any(|line| line.starts_with(&format!("{target}:"))),
            "{position}: the Makefile has no target {target}"
        );
    }
    assert!(
        count > 0,
        "found no ignored test; check that this test still reads the sources"
    );
}

#[test]
fn only_test_helpers_read_the_environment() {
    // Variables that these files read may enable extra work, but never disable a check.
    let allowed = ["tests/src/", "tests/tests/ui.rs"];
    let reads = ["env::var", "(\""].concat();
    for (position, line) in lines(&["tests/src", "tests/tests"]) {
        let reads = line.contains(&reads) || line.contains(&reads.replace("var", "var_os"));
        assert!(
            !reads || allowed.iter().any(|path| position.starts_with(path)),
            "{position}: a test that reads the environment may skip its checks; use `require` or `isolated`: {line}"
        );
    }
}

#[test]
fn no_test_measures_real_time() {
    for (position, line) in lines(&["tests/src", "tests/tests", "benches/tests"]) {
        let is_this_file = position.starts_with("tests/tests/papers/ignored.rs");
        // The chaos and fuzz programs run for a given time.
        let is_program = position.starts_with("tests/src/bin/");
        let reads_clock =
            line.contains("std::time") && line.contains("Instant") || line.contains("SystemTime::now");
        assert!(
            is_this_file || is_program || !reads_clock && !line.contains("thread::sleep"),
            "{position}: a test that depends on real time fails on a slow machine; pause tokio's clock, or wait for an event: {line}"
        );
    }
}

/// On a paused clock, sleeps end immediately and in the same order on every machine. The tests in `interop` talk to another
/// process, whose clock a test cannot pause.
#[test]
fn tests_that_sleep_pause_the_clock() {
    let lines = lines(&["tests/tests"]);
    let file = |position: &str| position.split_once(':').map(|(file, _)| file.to_owned()).unwrap();
    let pauses = |text: &str| text.contains("start_paused") || text.contains("time::pause()");
    let pausing: BTreeSet<String> = lines
        .iter()
        .filter(|(_, line)| pauses(line))
        .map(|(position, _)| file(position))
        .collect();
    let mut count = 0;
    for (position, line) in &lines {
        let sleeps = ["time::sleep(", "time::timeout("]
            .iter()
            .any(|call| line.contains(call));
        if !sleeps
            || position.starts_with("tests/tests/interop/")
            || position.starts_with("tests/tests/papers/")
        {
            continue;
        }
        count += 1;
        let file = file(position);
        assert!(
            pausing.contains(&file),
            "{position}: pause the clock in this test: {line}"
        );
    }
    assert!(
        count > 0,
        "found no sleep; check that this test still reads the sources"
    );
}

#[test]
fn a_reason_without_a_command_is_rejected() {
    for reason in ["]", " = \"slow\"]", " = \"slow; run make interop\"]"] {
        assert_eq!(target(reason), None, "{reason}");
    }
    assert_eq!(
        target(" = \"needs a mock; run `make interop`\"]"),
        Some("interop")
    );
    assert_eq!(
        target(" = \"needs a file; run `make openapi FILE=path`\"]"),
        Some("openapi")
    );
}
