//! Checks the README and the macro crate's list of providers against the code.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod ignored;
/// The macro crate's list of providers, included as a file because a procedural macro crate can export only macros.
#[path = "../../../agno-macros/src/agent/providers.rs"]
mod macro_providers;

use std::collections::BTreeSet;

use agno_tests::{bless, is_blessing};

const README: &str = include_str!("../../../README.md");

#[test]
fn the_readme_contains_the_quickstart_example() {
    let example = include_str!("../../../examples/examples/quickstart.rs");
    let program = example.split_once("\n\n").unwrap().1.trim();
    let published = README
        .split_once("<!-- quickstart -->\n```rust\n")
        .and_then(|(_, rest)| rest.split_once("\n```\n<!-- /quickstart -->"))
        .expect("the README contains the quickstart between markers")
        .0;
    assert_eq!(
        published.trim(),
        program,
        "copy examples/examples/quickstart.rs into the README"
    );
}

#[test]
fn the_readme_lists_exactly_the_existing_examples() {
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

/// `#[agent(model = "provider:model")]` and the runtime agree on the providers, their model types and their features.
#[test]
fn the_macro_crate_and_the_runtime_list_the_same_providers() {
    let runtime: BTreeSet<(String, String, String)> = agno::__private::models::declared()
        .into_iter()
        .map(|(provider, api, feature)| (provider.to_owned(), api, feature.to_owned()))
        .collect();
    let macros = macro_providers::PROVIDERS.iter().flat_map(|(api, providers)| {
        let (api, feature) = api.source();
        providers
            .iter()
            .map(move |provider| ((*provider).to_owned(), api.to_owned(), feature.to_owned()))
    });
    assert_eq!(macros.collect::<BTreeSet<_>>(), runtime);

    for (provider, _) in macro_providers::MAX_TOOLS {
        let is_known = runtime.iter().any(|(known, ..)| known == provider);
        assert!(is_known, "unknown provider `{provider}`");
    }
}

/// The README's table of providers is generated from the list in the code; `make bless` rewrites it.
#[test]
fn the_readme_lists_every_provider() {
    const BEGIN: &str = "<!-- providers -->\n";
    const END: &str = "<!-- /providers -->";

    let mut table = String::from("| name | provider | API | key from | feature |\n|---|---|---|---|---|\n");
    for provider in agno::provider::PROVIDERS {
        let keys: Vec<String> = provider
            .key_variables
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let keys = if keys.is_empty() {
            "-".to_owned()
        } else {
            keys.join(", ")
        };
        let agno::provider::KnownProvider {
            name,
            title,
            api,
            feature,
            ..
        } = provider;
        table.push_str(&format!(
            "| `{name}` | {title} | {api} | {keys} | `{feature}` |\n"
        ));
    }
    let (before, rest) = README
        .split_once(BEGIN)
        .expect("the README contains the marker before the providers");
    let (published, after) = rest
        .split_once(END)
        .expect("the README contains the marker after the providers");
    bless("../README.md", &format!("{before}{BEGIN}{table}{END}{after}"));
    assert!(
        is_blessing() || published == table,
        "the README's table of providers differs from the list in the code; run `make bless`\n{published}\n{table}"
    );
}
