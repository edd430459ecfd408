//! Generated code passes the lints of the user's crate.
#![deny(
    missing_docs,
    missing_debug_implementations,
    nonstandard_style,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications,
    warnings
)]
#![deny(clippy::all, clippy::pedantic)]

use agno::prelude::*;
use agno::tool::Toolset;

/// Searches.
#[tool(read_only)]
pub(crate) async fn search(
    /// Maximum distance.
    #[arg(range = 1..=5, default = 3)]
    far: u8,
    note: Option<&str>,
    places: &[String],
    run: &RunContext,
) -> Result<String, std::fmt::Error> {
    tokio::task::yield_now().await;
    if run.is_cancelled() {
        return Err(std::fmt::Error);
    }
    Ok(format!("{far}{note:?}{places:?}"))
}

/// Has tools.
#[agent(instructions = "Search for {person}.", tools = [search, self, self.kit], output = Found, max_turns = 3)]
#[derive(Debug)]
pub(crate) struct Searcher<'a> {
    person: &'a str,
    kit: Kit,
}

/// A search result.
#[derive(Debug, Schema, Deserialize)]
pub(crate) struct Found {
    /// Name of the place.
    pub(crate) place: String,
}

/// More tools.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kit;

#[toolkit]
impl Kit {
    /// Counts.
    #[tool]
    fn count() -> u8 {
        4
    }
}

#[toolkit]
impl Searcher<'_> {
    /// Returns the person to search for.
    #[tool]
    pub(crate) fn person(&self) -> &str {
        self.person
    }
}

#[test]
fn expansions_trigger_no_lints() {
    let searcher = Searcher {
        person: "Ada",
        kit: Kit,
    };
    assert_eq!(searcher.tools().len(), 3);
    let found = Searcher::parse_output(r#"{"place":"here"}"#).unwrap();
    assert_eq!(found.place, "here");
}
