//! Each key of `#[tool(..)]`, alone and together.

use std::time::Duration;

use agno::prelude::*;
use agno::run::WaitsFor;
use agno::schema::Rendered;
use agno::tool::{Tool, Toolset as _};

use crate::{called, declared};

/// Not told to the model.
#[tool(name = "get-weather", description = "Current weather.")]
fn weather() -> u8 {
    4
}

/// Waits.
#[tool(timeout = "250ms")]
async fn milliseconds() {}

/// Waits.
#[tool(timeout = "2m")]
async fn minutes() {}

/// Waits.
#[tool(timeout = "1h")]
async fn hours() {}

/// Blocks.
#[tool(blocking)]
fn blocks(words: &str, run: &RunContext) -> String {
    format!("{words} {}", run.turn())
}

/// Only reads.
#[tool(read_only, idempotent, open_world)]
fn reads() {}

/// Changes something.
#[tool(destructive, idempotent)]
fn destroys() {}

/// May be called again.
#[tool(retries = 5, idempotent)]
fn again() {}

/// Needs leave.
#[tool(approval, destructive, retries = 1, idempotent)]
fn asks() {}

/// Comes from elsewhere.
#[tool(external, return_direct)]
fn elsewhere(
    /// Which of them.
    #[arg(range = 1..)]
    number: u32,
);

/// Comes from elsewhere, without arguments.
#[tool(external, read_only)]
pub fn there();

/// Is not done twice.
#[tool(read_only, cache = "1h", retries = 1, timeout = "1s")]
async fn kept(words: &str) -> usize {
    words.len()
}

/// Everything at once.
#[tool(
    name = "all",
    description = "All of it.",
    timeout = "5s",
    blocking,
    read_only,
    idempotent,
    open_world,
    crate = ::agno
)]
fn everything() {}

/// An empty list is none.
#[tool()]
fn empty() {}

#[test]
fn the_name_and_the_description_of_the_attribute_win() {
    assert_eq!(weather::SPEC.name, "get-weather");
    assert_eq!(weather::SPEC.description, "Current weather.");
    assert!(weather::OPENAI.contains(r#""name":"get-weather","description":"Current weather.""#));
    assert_eq!(weather(), 4);
}

#[test]
fn a_time_limit_is_read_in_each_unit() {
    assert_eq!(milliseconds::SPEC.timeout, Some(Duration::from_millis(250)));
    assert_eq!(minutes::SPEC.timeout, Some(Duration::from_secs(120)));
    assert_eq!(hours::SPEC.timeout, Some(Duration::from_secs(3600)));
    assert_eq!(empty::SPEC.timeout, None);
}

#[test]
fn hints_are_those_that_are_written() {
    let hints = reads::SPEC.hints;
    assert!(hints.read_only && hints.idempotent && hints.open_world && !hints.destructive);
    let hints = destroys::SPEC.hints;
    assert!(hints.destructive && hints.idempotent && !hints.read_only && !hints.open_world);
}

#[test]
fn rules_are_those_that_are_written() {
    assert_eq!(
        (again::SPEC.retries, asks::SPEC.retries, empty::SPEC.retries),
        (5, 1, 0)
    );
    assert_eq!(asks::SPEC.waits_for, Some(WaitsFor::Approval));
    assert_eq!(elsewhere::SPEC.waits_for, Some(WaitsFor::ExternalResult));
    assert_eq!(there::SPEC.waits_for, Some(WaitsFor::ExternalResult));
    assert_eq!(empty::SPEC.waits_for, None);
    assert_eq!(
        (elsewhere::SPEC.return_direct, there::SPEC.return_direct),
        (true, false)
    );
    assert!(kept::CACHE.is_some() && empty::CACHE.is_none());
}

#[test]
fn an_external_tool_is_declared_as_any_other() {
    let declared = declared(&elsewhere {});
    assert_eq!(declared["parameters"]["properties"]["number"]["minimum"], 1);
    assert_eq!(elsewhere {}.check(0, r#"{"number":1}"#), Ok(()));
    assert!(elsewhere {}.check(0, r#"{"number":0}"#).is_err());
}

#[test]
fn all_keys_stand_together() {
    let spec = everything::SPEC;
    assert_eq!((spec.name, spec.description), ("all", "All of it."));
    assert_eq!(spec.timeout, Some(Duration::from_secs(5)));
    assert!(spec.hints.read_only);
}

#[tokio::test]
async fn a_blocking_tool_has_its_arguments_and_the_run() {
    assert_eq!(
        called(&blocks {}, "blocks", r#"{"words":"a"}"#).await.unwrap(),
        "a 0"
    );
}
