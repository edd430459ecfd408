//! Checks the compiler's messages for items whose feature is disabled. The other tests enable all features.
//!
//! The test generates a crate that depends on agno without features, runs `cargo check`, and compares each message and its
//! position with `ui/features/off/*.stderr`. `make bless` rewrites these files. agno defines the messages, so the test runs
//! with every compiler.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use agno_tests::bless;
use serde_json::Value;

/// Runs `cargo check` on a crate with one program per case, and returns the messages by case.
fn check(cases: &[String]) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("features");
    fs::create_dir_all(&dir).unwrap();
    let mut manifest = format!(
        "[package]\nname = \"features\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         [dependencies]\nagno = {{ path = {:?}, default-features = false }}\n",
        root.join("../agno").canonicalize().unwrap()
    );
    for case in cases {
        let path = root.join("ui/features/off").join(format!("{case}.rs"));
        writeln!(manifest, "\n[[bin]]\nname = \"{case}\"\npath = {path:?}").unwrap();
    }
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    // Use the locked versions of the workspace, so that nothing is downloaded.
    fs::copy(root.join("../Cargo.lock"), dir.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--keep-going",
            "--message-format=json",
            "--target-dir",
        ])
        .arg(dir.join("target"))
        .current_dir(&dir)
        .output()
        .unwrap();
    let mut messages = BTreeMap::<String, String>::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let case = message["target"]["name"].as_str().unwrap_or_default();
        let span = &message["message"]["spans"][0];
        if !cases.iter().any(|known| known == case) || span.is_null() {
            continue;
        }
        writeln!(
            messages.entry(case.to_owned()).or_default(),
            "{}: {}\n --> ui/features/off/{case}.rs:{}:{}\n",
            message["message"]["level"].as_str().unwrap(),
            message["message"]["message"].as_str().unwrap(),
            span["line_start"],
            span["column_start"],
        )
        .unwrap();
    }
    assert!(
        !messages.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    messages
}

#[test]
fn the_error_for_a_disabled_feature_names_the_feature() {
    let mut cases: Vec<String> = fs::read_dir("ui/features/off")
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|end| end == "rs"))
        .map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    cases.sort();
    let messages = check(&cases);
    for case in cases {
        let path = format!("ui/features/off/{case}.stderr");
        let found = messages.get(&case).map_or("", |text| text.trim_end());
        bless(&path, &format!("{found}\n"));
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected.trim_end(), "{path}");
    }
}
