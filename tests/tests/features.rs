//! What the compiler says where a feature of agno is off: the other tests have all of them on.
//!
//! A crate with agno and no feature is written beside the build, checked, and what it says compared with
//! `ui/features/off/*.stderr`: each message and where it points. `make bless` rewrites them. These are
//! agno's own texts, so the test runs on every compiler.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use agno_tests::bless;
use serde_json::Value;

/// A crate with each of these files as a program; its messages, by file name.
fn check(cases: &[String]) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("features");
    fs::create_dir_all(&place).unwrap();
    let mut manifest = format!(
        "[package]\nname = \"features\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         [dependencies]\nagno = {{ path = {:?}, default-features = false }}\n",
        root.join("../agno").canonicalize().unwrap()
    );
    for case in cases {
        let path = root.join("ui/features/off").join(format!("{case}.rs"));
        writeln!(manifest, "\n[[bin]]\nname = \"{case}\"\npath = {path:?}").unwrap();
    }
    fs::write(place.join("Cargo.toml"), manifest).unwrap();
    // The same versions as everything else, so that nothing is fetched.
    fs::copy(root.join("../Cargo.lock"), place.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--keep-going",
            "--message-format=json",
            "--target-dir",
        ])
        .arg(place.join("target"))
        .current_dir(&place)
        .output()
        .unwrap();
    let mut said = BTreeMap::<String, String>::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let case = message["target"]["name"].as_str().unwrap_or_default();
        let span = &message["message"]["spans"][0];
        if !cases.iter().any(|known| known == case) || span.is_null() {
            continue;
        }
        writeln!(
            said.entry(case.to_owned()).or_default(),
            "{}: {}\n --> ui/features/off/{case}.rs:{}:{}\n",
            message["message"]["level"].as_str().unwrap(),
            message["message"]["message"].as_str().unwrap(),
            span["line_start"],
            span["column_start"],
        )
        .unwrap();
    }
    assert!(!said.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn a_provider_whose_feature_is_off_is_told_with_the_feature() {
    let mut cases: Vec<String> = fs::read_dir("ui/features/off")
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|end| end == "rs"))
        .map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    cases.sort();
    let said = check(&cases);
    for case in cases {
        let path = format!("ui/features/off/{case}.stderr");
        let said = said.get(&case).map_or("", |said| said.trim_end());
        bless(&path, &format!("{said}\n"));
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(said, expected.trim_end(), "{path}");
    }
}
