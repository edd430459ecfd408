//! What a tool becomes keeps to the lints of its author.
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

/// Looks.
#[tool(read_only)]
pub(crate) async fn look(
    /// How far.
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
#[agent(instructions = "Look for {whom}.", tools = [look, self, self.kit], output = Found, max_turns = 3)]
#[derive(Debug)]
pub(crate) struct Looker<'a> {
    whom: &'a str,
    kit: Kit,
}

/// What was found.
#[derive(Debug, Schema, Deserialize)]
pub(crate) struct Found {
    /// Where.
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
impl Looker<'_> {
    /// Says who is looked for.
    #[tool]
    pub(crate) fn whom(&self) -> &str {
        self.whom
    }
}

#[test]
fn nothing_of_an_expansion_is_linted() {
    let looker = Looker {
        whom: "Ada",
        kit: Kit,
    };
    assert_eq!(looker.tools().len(), 3);
    let found = Looker::parse_output(r#"{"place":"here"}"#).unwrap();
    assert_eq!(found.place, "here");
}
