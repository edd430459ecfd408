//! Compares allocation counts with `allocations.tsv`, so that added and removed allocations are visible in review. The counts
//! are exact and come from a debug build; `AGNO_BLESS=1` rewrites them.
//!
//! If any crate in the build enables the `preserve_order` feature of `serde_json`, as a build of the whole workspace with all
//! features does, JSON objects allocate differently. Each case therefore has two counts, and this test checks the one for its
//! own build. `make bless-allocations` rewrites both.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use agno_benches::measure::allocated;
use agno_benches::memory::MEMORY;
use agno_benches::{SUBJECTS, cases};

const HEADER: &str = "case\tform\tallocs\tallocs_ordered";

/// The name and form of a case.
type Key = (String, String);

fn file() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("allocations.tsv")
}

/// Reads both counts of each case from the file.
fn committed() -> BTreeMap<Key, [String; 2]> {
    let text = std::fs::read_to_string(file()).unwrap_or_default();
    let rows = text.lines().skip(1).map(|line| {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut cell = || cells.next().unwrap_or_default();
        ((cell(), cell()), [cell(), cell()])
    });
    rows.collect()
}

/// Counts the allocations of every deterministic case, in order.
fn counted() -> Vec<(Key, String)> {
    let key = |name: &str, form: &str| (name.to_owned(), form.to_owned());
    // The cache evicts entries at unpredictable times, so its counts vary.
    let deterministic = SUBJECTS.iter().filter(|(subject, _)| *subject != "cache");
    let cases = deterministic.flat_map(|(_, cases)| *cases);
    // Counting 100,000 messages takes a long time in a debug build, and the count per message is the same as for 10,000.
    let cases = cases.filter(|case| case.operations < 100_000).map(|case| {
        let count = (allocated(case).count * 100.0).round() / 100.0;
        (key(case.name, case.form), count.to_string())
    });
    let memory = MEMORY.iter().map(|case| {
        let count = (case.measure)().allocations;
        (key(case.name, case.form), count.to_string())
    });
    cases.chain(memory).collect()
}

/// Writes the counts of this build and keeps the counts of the other kind of build.
fn bless(counted: &[(Key, String)], column: usize) -> Result<(), Box<dyn std::error::Error>> {
    let committed = committed();
    let mut text = String::from(HEADER);
    for (key, count) in counted {
        let mut counts = committed
            .get(key)
            .cloned()
            .unwrap_or([String::from("-"), String::from("-")]);
        counts[column].clone_from(count);
        let [plain, ordered] = counts;
        write!(text, "\n{}\t{}\t{plain}\t{ordered}", key.0, key.1)?;
    }
    text.push('\n');
    if std::fs::read_to_string(file()).ok().as_ref() != Some(&text) {
        std::fs::write(file(), text)?;
        // `eprintln!` would be captured by the test harness.
        let line = format!("rewrote {}\n", file().display());
        std::io::stderr().write_all(line.as_bytes())?;
    }
    Ok(())
}

fn objects_keep_their_order() -> bool {
    serde_json::json!({"b": 1, "a": 2})
        .as_object()
        .is_some_and(|object| object.keys().next().is_some_and(|first| first == "b"))
}

#[test]
fn allocation_counts_match_the_recorded_counts() {
    let column = usize::from(objects_keep_their_order());
    let counted = counted();
    if std::env::var_os("AGNO_BLESS").is_some() {
        bless(&counted, column).unwrap();
    }
    let committed = committed();
    let mut changes = String::new();
    for (key, count) in &counted {
        let recorded = committed.get(key).map_or("none", |counts| &counts[column]);
        if recorded != count {
            writeln!(
                changes,
                "  {} ({}): {count} allocations, recorded: {recorded}",
                key.0, key.1
            )
            .unwrap();
        }
    }
    for key in committed.keys() {
        if !counted.iter().any(|(other, _)| other == key) {
            writeln!(
                changes,
                "  {} ({}): recorded, but no such case exists",
                key.0, key.1
            )
            .unwrap();
        }
    }
    assert!(
        changes.is_empty(),
        "allocation counts have changed:\n{changes}if that is intended, run `make bless-allocations` and review the difference"
    );
}

#[test]
fn cases_have_unique_names_and_forms() {
    let mut seen = std::collections::HashSet::new();
    for case in cases() {
        assert!(
            seen.insert((case.name, case.form)),
            "{} ({}) is defined twice",
            case.name,
            case.form
        );
    }
}
