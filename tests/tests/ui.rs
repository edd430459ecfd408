//! The compiler's messages for each error.
//!
//! Every `ui/MACRO/fail/*.rs` has its messages in a `.stderr` file; programs that must compile are in `ui/MACRO/pass`, which
//! `pass.rs` contains. The messages are from the compiler in `scripts/compiler.txt`, without the component `rust-src`, which
//! the test hides if it is installed. `make bless` rewrites them; `cargo test -p agno-tests --test ui -- ui
//! trybuild=schema/fail/flat` runs the cases whose path contains `schema/fail/flat`.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use agno_tests::compiler::{Compiler, pinned_release};
use agno_tests::{announce, is_blessing};

/// Set in the process that compiles the cases.
const COMPILES: &str = "AGNO_UI_COMPILES";

fn files(end: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for folder in std::fs::read_dir("ui").unwrap() {
        let folder = folder.unwrap().path().join("fail");
        let files = std::fs::read_dir(folder).into_iter().flatten();
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

/// Compares the messages of this process's compiler with the expected ones.
fn compile() {
    let tests = trybuild::TestCases::new();
    for file in files("rs") {
        tests.compile_fail(file);
    }
    tests.pass("ui/program.rs");
}

/// Returns the message for a run with another compiler.
fn other_compiler(release: &str) -> String {
    let pinned = pinned_release();
    format!(
        "the messages in tests/ui are from rustc {pinned}, and this is rustc {release}\n\
         run the test with `cargo +{pinned} test -p agno-tests --test ui`,\n\
         or write {release} into scripts/compiler.txt, run `make bless` and review the difference"
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
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    std::fs::create_dir_all(&folder).unwrap();
    let filters = std::env::args().filter(|argument| argument.starts_with("trybuild="));
    let before = expected_messages();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ui", "--nocapture"])
        .args(filters)
        .env("RUSTC", compiler.without_sources(&folder))
        .env(COMPILES, "1")
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    print!("{stdout}");
    assert!(
        output.status.success() && stdout.contains("test result: ok. 1 passed"),
        "the compiler's messages differ from the expected ones, or a case did not fail; `make bless` rewrites them\n{}",
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
fn the_message_for_another_compiler_contains_the_command_to_bless() {
    let message = other_compiler("1.0.0");
    for part in [pinned_release(), "1.0.0", "`make bless`", "scripts/compiler.txt"] {
        assert!(message.contains(part), "{message}");
    }
}

/// Returns the files of the standard library in the notes of a compile error.
#[cfg(unix)]
fn library_files(compiler: &Path, folder: &Path) -> Vec<String> {
    let program = folder.join("mistake.rs");
    let text = "fn main() { let text = std::rc::Rc::new(1); std::thread::spawn(move || drop(text)); }";
    std::fs::write(&program, text).unwrap();
    let output = Command::new(compiler)
        .args(["--edition", "2024", "--emit", "metadata", "--out-dir"])
        .args([folder, &program])
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
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rust-src");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    // A compiler with rust-src: a copy of this compiler's sysroot with one file as its sources.
    let compiler = Compiler::current();
    let with_sources = compiler.without_sources(&folder);
    let library = folder.join("sysroot/lib/rustlib/src/rust/library");
    std::fs::create_dir_all(library.join("std/src")).unwrap();
    std::fs::write(library.join("std/src/lib.rs"), "").unwrap();
    let files = library_files(&with_sources, &folder);
    assert!(
        !files.is_empty()
            && files
                .iter()
                .all(|file| file.starts_with(library.to_str().unwrap())),
        "{files:?}"
    );

    let hidden = folder.join("hidden");
    std::fs::create_dir_all(&hidden).unwrap();
    let compiler = Compiler {
        sysroot: folder.join("sysroot"),
        ..compiler
    };
    let files = library_files(&compiler.without_sources(&hidden), &hidden);
    assert!(
        !files.is_empty() && files.iter().all(|file| file.starts_with("/rustc/")),
        "{files:?}"
    );
}
