//! Allocation counts are exact, so they are a test: a change that adds one to a run, or takes one away, is seen where it is
//! made. The counts are those of a debug build and stand in `allocations.tsv`; `AGNO_BLESS=1` writes them anew.
//!
//! Objects of `serde_json` keep their order when any crate of the build asks for that, as one does when the whole
//! workspace is built with all features, and allocate otherwise then. So each case has two counts, and this holds the build it
//! is in to its own. `make bless-allocations` writes both.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use agno_benches::held::HELD;
use agno_benches::measure::allocated;
use agno_benches::{SUBJECTS, cases};

const HEADER: &str = "case\tform\tallocs\tallocs_ordered";

/// A case and its form.
type Key = (String, String);

fn file() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("allocations.tsv")
}

/// What the file says, both counts of each case.
fn committed() -> BTreeMap<Key, [String; 2]> {
    let text = std::fs::read_to_string(file()).unwrap_or_default();
    let rows = text.lines().skip(1).map(|line| {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut cell = || cells.next().unwrap_or_default();
        ((cell(), cell()), [cell(), cell()])
    });
    rows.collect()
}

/// Every case with its count, in the order in which they are listed.
fn counted() -> Vec<(Key, String)> {
    let key = |name: &str, form: &str| (name.to_owned(), form.to_owned());
    // What a cache allocates beside its answers depends on the time: it tidies up in between.
    let timeless = SUBJECTS.iter().filter(|(subject, _)| *subject != "cache");
    // What a hundred thousand messages cost each is what ten thousand do, and takes a debug build long.
    let cases = timeless.flat_map(|(_, cases)| *cases);
    let cases = cases.filter(|case| case.each < 100_000).map(|case| {
        let count = (allocated(case).count * 100.0).round() / 100.0;
        (key(case.name, case.form), count.to_string())
    });
    let held = HELD.iter().map(|held| {
        let count = (held.measure)().allocations;
        (key(held.name, held.form), count.to_string())
    });
    cases.chain(held).collect()
}

/// Writes the counts of this build beside those of the other one.
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
        // Past the capture of the test harness.
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
fn every_case_allocates_as_often_as_is_written_down() {
    let column = usize::from(objects_keep_their_order());
    let counted = counted();
    if std::env::var_os("AGNO_BLESS").is_some() {
        bless(&counted, column).unwrap();
    }
    let committed = committed();
    let mut wrong = String::new();
    for (key, count) in &counted {
        let before = committed.get(key).map_or("none", |counts| &counts[column]);
        if before != count {
            writeln!(
                wrong,
                "  {} ({}): {count} allocations, written down: {before}",
                key.0, key.1
            )
            .unwrap();
        }
    }
    for key in committed.keys() {
        if !counted.iter().any(|(other, _)| other == key) {
            writeln!(wrong, "  {} ({}): there is no such case any more", key.0, key.1).unwrap();
        }
    }
    assert!(
        wrong.is_empty(),
        "allocation counts have changed:\n{wrong}if that is meant, write them down with `make bless-allocations` and read the difference"
    );
}

#[test]
fn no_two_cases_have_the_same_name_and_form() {
    let mut seen = std::collections::HashSet::new();
    for case in cases() {
        assert!(
            seen.insert((case.name, case.form)),
            "{} ({}) twice",
            case.name,
            case.form
        );
    }
}
