//! What the compiler says to each mistake.
//!
//! Every `ui/MACRO/fail/*.rs` has its text in a `.stderr` beside it; what it must let through is `ui/MACRO/pass`, which
//! `pass.rs` holds. The texts are those of one compiler without the component `rust-src`: other compilers skip the test and
//! say so. `TRYBUILD=overwrite cargo test -p agno-tests --test ui` writes the texts anew, `-- ui trybuild=schema/fail/flat` runs
//! the cases whose path holds that word.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests may stop at the first surprise"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The compiler whose words are kept.
const COMPILER: &str = "rustc 1.95.";

fn skipped() -> Option<String> {
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(&compiler).arg("--version").output().ok()?;
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    if !version.starts_with(COMPILER) {
        return Some(format!(
            "the texts are those of {COMPILER}x, this is {}",
            version.trim()
        ));
    }
    let output = Command::new(compiler)
        .args(["--print", "sysroot"])
        .output()
        .ok()?;
    let sources = Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("lib/rustlib/src");
    sources
        .exists()
        .then(|| "the texts are those of a compiler without rust-src, which this one has".to_owned())
}

fn cases() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir("ui").unwrap() {
        let folder = folder.unwrap().path().join("fail");
        let files = std::fs::read_dir(folder).into_iter().flatten();
        found.extend(
            files
                .map(|file| file.unwrap().path())
                .filter(|file| file.extension().is_some_and(|end| end == "rs")),
        );
    }
    found.sort();
    found
}

#[test]
fn ui() {
    if let Some(reason) = skipped() {
        eprintln!("ui tests skipped: {reason}");
        return;
    }
    let tests = trybuild::TestCases::new();
    for file in cases() {
        tests.compile_fail(file);
    }
    tests.pass("ui/program.rs");
}
