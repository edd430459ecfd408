//! What the papers say is what is there.

use std::collections::BTreeSet;

const README: &str = include_str!("../../README.md");

#[test]
fn the_readme_shows_the_quickstart_that_runs() {
    let example = include_str!("../../examples/examples/quickstart.rs");
    let program = example.split_once("\n\n").unwrap().1.trim();
    let shown = README
        .split_once("<!-- quickstart -->\n```rust\n")
        .and_then(|(_, rest)| rest.split_once("\n```\n<!-- /quickstart -->"))
        .expect("the README has the quickstart between its marks")
        .0;
    assert_eq!(
        shown.trim(),
        program,
        "copy examples/examples/quickstart.rs into the README"
    );
}

#[test]
fn the_readme_lists_every_example_and_no_other() {
    let files: BTreeSet<String> = std::fs::read_dir("../examples/examples")
        .unwrap()
        .map(|file| {
            file.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let table = README
        .split_once("| example | shows |")
        .unwrap()
        .1
        .split_once("\n\n")
        .unwrap()
        .0;
    let listed: BTreeSet<String> = table
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
        .collect();
    assert_eq!(listed, files);
}
