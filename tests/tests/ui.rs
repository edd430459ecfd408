//! Checks the compiler's messages for invalid code.
//!
//! Each case `ui/MACRO/fail/*.rs` has a `.stderr` file with the expected messages. Code that must compile is in
//! `ui/MACRO/pass` and is tested by `pass.rs`. The messages come from the compiler release in `scripts/compiler.txt`
//! without the `rust-src` component, which the test hides if it is installed. `make bless` rewrites the messages.
//!
//! `cargo test -p agno-tests --test ui -- ui trybuild=schema/fail/flat` runs the cases whose path contains
//! `schema/fail/flat`.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use agno_tests::compiler::{Compiler, pinned_release};
use agno_tests::{announce, is_blessing};

/// Environment variable that is set in the process that compiles the cases.
const COMPILES: &str = "AGNO_UI_COMPILES";

fn files(end: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for dir in std::fs::read_dir("ui").unwrap() {
        let dir = dir.unwrap().path().join("fail");
        let files = std::fs::read_dir(dir).into_iter().flatten();
        paths.extend(
            files
                .map(|file| file.unwrap().path())
                .filter(|file| file.extension().is_some_and(|extension| extension == end)),
        );
    }
    paths.sort();
    paths
}

/// Returns the expected messages by file.
fn expected_messages() -> BTreeMap<PathBuf, String> {
    let files = files("stderr").into_iter();
    files
        .map(|file| (file.clone(), std::fs::read_to_string(file).unwrap()))
        .collect()
}

/// Compiles the cases and compares the messages with the expected messages.
fn compile() {
    let tests = trybuild::TestCases::new();
    for file in files("rs") {
        tests.compile_fail(file);
    }
    tests.pass("ui/program.rs");
}

/// Returns the error for a compiler release other than the pinned one.
fn other_compiler(release: &str) -> String {
    let pinned = pinned_release();
    format!(
        "the messages in tests/ui are from rustc {pinned}, but this is rustc {release}\n\
         run the test with `cargo +{pinned} test -p agno-tests --test ui`,\n\
         or write {release} to scripts/compiler.txt, run `make bless` and review the difference"
    )
}

#[test]
fn ui() {
    if std::env::var_os(COMPILES).is_some() {
        return compile();
    }
    let compiler = Compiler::current();
    if !compiler.is_pinned() {
        let message = other_compiler(&compiler.release);
        assert!(std::env::var_os("CI").is_none(), "{message}");
        let line = "=".repeat(80);
        return announce(&format!(
            "\n{line}\nTHE UI TESTS DID NOT RUN\n{message}\n{line}\n\n"
        ));
    }
    // trybuild reads the compiler from the environment, so a separate process compiles the cases.
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    std::fs::create_dir_all(&dir).unwrap();
    let filters = std::env::args().filter(|argument| argument.starts_with("trybuild="));
    let before = expected_messages();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ui", "--nocapture"])
        .args(filters)
        .env("RUSTC", compiler.without_sources(&dir))
        .env(COMPILES, "1")
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    print!("{stdout}");
    assert!(
        output.status.success() && stdout.contains("test result: ok. 1 passed"),
        "the compiler's messages differ from the expected messages, or a case compiled; run `make bless` to rewrite the messages\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    if is_blessing() {
        for (file, text) in expected_messages() {
            if before.get(&file) != Some(&text) {
                announce(&format!("rewrote tests/{}\n", file.display()));
            }
        }
    }
}

#[test]
fn the_error_for_another_compiler_release_names_make_bless() {
    let message = other_compiler("1.0.0");
    for part in [pinned_release(), "1.0.0", "`make bless`", "scripts/compiler.txt"] {
        assert!(message.contains(part), "{message}");
    }
}

/// Returns the standard library files that appear in the notes of a compile error.
#[cfg(unix)]
fn library_files(compiler: &Path, dir: &Path) -> Vec<String> {
    let program = dir.join("mistake.rs");
    let text = "fn main() { let text = std::rc::Rc::new(1); std::thread::spawn(move || drop(text)); }";
    std::fs::write(&program, text).unwrap();
    let output = Command::new(compiler)
        .args(["--edition", "2024", "--emit", "metadata", "--out-dir"])
        .args([dir, &program])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let positions = stderr.lines().filter_map(|line| line.trim().strip_prefix("--> "));
    positions
        .filter(|position| position.contains("/library/"))
        .map(str::to_owned)
        .collect()
}

#[cfg(unix)]
#[test]
fn the_sources_of_the_standard_library_are_hidden_from_the_compiler() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rust-src");
    if dir.exists() {
        std::fs::remove_dir_all(&dir).unwrap();
    }
    // Simulate an installed `rust-src`: copy the sysroot and add a source file.
    let compiler = Compiler::current();
    let with_sources = compiler.without_sources(&dir);
    let library = dir.join("sysroot/lib/rustlib/src/rust/library");
    std::fs::create_dir_all(library.join("std/src")).unwrap();
    std::fs::write(library.join("std/src/lib.rs"), "").unwrap();
    let files = library_files(&with_sources, &dir);
    assert!(
        !files.is_empty()
            && files
                .iter()
                .all(|file| file.starts_with(library.to_str().unwrap())),
        "{files:?}"
    );

    let hidden = dir.join("hidden");
    std::fs::create_dir_all(&hidden).unwrap();
    let compiler = Compiler {
        sysroot: dir.join("sysroot"),
        ..compiler
    };
    let files = library_files(&compiler.without_sources(&hidden), &hidden);
    assert!(
        !files.is_empty() && files.iter().all(|file| file.starts_with("/rustc/")),
        "{files:?}"
    );
}
