//! The compiler's text for each mistake.
//!
//! Every `ui/MACRO/fail/*.rs` has its text in a `.stderr` beside it; what must compile is in `ui/MACRO/pass`, which `pass.rs`
//! holds. The texts are those of the compiler named in `scripts/compiler.txt`, without the component `rust-src`, which the
//! test hides where it is installed. `make bless` rewrites them; `cargo test -p agno-tests --test ui -- ui
//! trybuild=schema/fail/flat` runs the cases whose path contains that word.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use agno_tests::compiler::{Compiler, pinned_release};
use agno_tests::{announce, is_blessing};

/// Set in the process that compiles the cases.
const COMPILES: &str = "AGNO_UI_COMPILES";

fn files(end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir("ui").unwrap() {
        let folder = folder.unwrap().path().join("fail");
        let files = std::fs::read_dir(folder).into_iter().flatten();
        found.extend(
            files
                .map(|file| file.unwrap().path())
                .filter(|file| file.extension().is_some_and(|found| found == end)),
        );
    }
    found.sort();
    found
}

/// The texts, by file.
fn texts() -> BTreeMap<PathBuf, String> {
    let files = files("stderr").into_iter();
    files
        .map(|file| (file.clone(), std::fs::read_to_string(file).unwrap()))
        .collect()
}

/// Compares what the compiler of this process prints with the kept texts.
fn compile() {
    let tests = trybuild::TestCases::new();
    for file in files("rs") {
        tests.compile_fail(file);
    }
    tests.pass("ui/program.rs");
}

/// The message of a run on another compiler.
fn other_compiler(release: &str) -> String {
    let pinned = pinned_release();
    format!(
        "the texts in tests/ui are those of rustc {pinned}, and this is rustc {release}\n\
         run the test with `cargo +{pinned} test -p agno-tests --test ui`,\n\
         or write {release} into scripts/compiler.txt, run `make bless` and read the difference"
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
    // trybuild takes the compiler from the environment, so the cases are compiled in a process that has another one.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    std::fs::create_dir_all(&folder).unwrap();
    let filters = std::env::args().filter(|argument| argument.starts_with("trybuild="));
    let before = texts();
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
        "the compiler's texts are not the kept ones, or a case did not fail; `make bless` rewrites them\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    if is_blessing() {
        for (file, text) in texts() {
            if before.get(&file) != Some(&text) {
                announce(&format!("rewrote tests/{}\n", file.display()));
            }
        }
    }
}

#[test]
fn another_compiler_is_reported_with_the_command_that_blesses_the_texts() {
    let message = other_compiler("1.0.0");
    for part in [pinned_release(), "1.0.0", "`make bless`", "scripts/compiler.txt"] {
        assert!(message.contains(part), "{message}");
    }
}

/// The files of the standard library that a compiler refers to in the notes of a mistake.
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
    let places = stderr.lines().filter_map(|line| line.trim().strip_prefix("--> "));
    places
        .filter(|place| place.contains("/library/"))
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
    // A compiler with rust-src: the sysroot of this one without its sources, and one file that stands for them.
    let compiler = Compiler::current();
    let with_sources = compiler.without_sources(&folder);
    let library = folder.join("sysroot/lib/rustlib/src/rust/library");
    std::fs::create_dir_all(library.join("std/src")).unwrap();
    std::fs::write(library.join("std/src/lib.rs"), "").unwrap();
    let shown = library_files(&with_sources, &folder);
    assert!(
        !shown.is_empty()
            && shown
                .iter()
                .all(|file| file.starts_with(library.to_str().unwrap())),
        "{shown:?}"
    );

    let hidden = folder.join("hidden");
    std::fs::create_dir_all(&hidden).unwrap();
    let compiler = Compiler {
        sysroot: folder.join("sysroot"),
        ..compiler
    };
    let shown = library_files(&compiler.without_sources(&hidden), &hidden);
    assert!(
        !shown.is_empty() && shown.iter().all(|file| file.starts_with("/rustc/")),
        "{shown:?}"
    );
}
