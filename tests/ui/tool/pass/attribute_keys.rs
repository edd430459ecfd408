//! Every key of `#[tool(..)]`, alone and combined.

use std::time::Duration;

use agno::prelude::*;
use agno::run::WaitsFor;
use agno::schema::Rendered;
use agno::tool::{Tool, Toolset as _};

use crate::{called, declared};

/// Replaced by the attribute.
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
fn blocks(text: &str, run: &RunContext) -> String {
    format!("{text} {}", run.turn())
}

/// Only reads.
#[tool(read_only, idempotent, open_world)]
fn reads() {}

/// Deletes something.
#[tool(destructive, idempotent)]
fn destroys() {}

/// Can be retried.
#[tool(retries = 5, idempotent)]
fn retried() {}

/// Needs approval.
#[tool(approval, destructive, retries = 1, idempotent)]
fn approved() {}

/// Has an external result.
#[tool(external, return_direct)]
fn external(
    /// Number of the result.
    #[arg(range = 1..)]
    number: u32,
);

/// Has an external result and no arguments.
#[tool(external, read_only)]
pub fn without_arguments();

/// Has cached results.
#[tool(read_only, cache = "1h", retries = 1, timeout = "1s")]
async fn cached(text: &str) -> usize {
    text.len()
}

/// Sets every key.
#[tool(
    name = "all",
    description = "Every key.",
    timeout = "5s",
    blocking,
    read_only,
    idempotent,
    open_world,
    crate = ::agno
)]
fn everything() {}

/// Has an empty attribute.
#[tool()]
fn empty() {}

#[test]
fn the_attribute_overrides_the_name_and_the_description() {
    assert_eq!(weather::SPEC.name, "get-weather");
    assert_eq!(weather::SPEC.description, "Current weather.");
    assert!(weather::OPENAI.contains(r#""name":"get-weather","description":"Current weather.""#));
    assert_eq!(weather(), 4);
}

#[test]
fn a_timeout_is_read_in_every_unit() {
    assert_eq!(milliseconds::SPEC.timeout, Some(Duration::from_millis(250)));
    assert_eq!(minutes::SPEC.timeout, Some(Duration::from_secs(120)));
    assert_eq!(hours::SPEC.timeout, Some(Duration::from_secs(3600)));
    assert_eq!(empty::SPEC.timeout, None);
}

#[test]
fn hints_match_the_attribute() {
    let hints = reads::SPEC.hints;
    assert!(hints.read_only && hints.idempotent && hints.open_world && !hints.destructive);
    let hints = destroys::SPEC.hints;
    assert!(hints.destructive && hints.idempotent && !hints.read_only && !hints.open_world);
}

#[test]
fn rules_match_the_attribute() {
    assert_eq!(
        (retried::SPEC.retries, approved::SPEC.retries, empty::SPEC.retries),
        (5, 1, 0)
    );
    assert_eq!(approved::SPEC.waits_for, Some(WaitsFor::Approval));
    assert_eq!(external::SPEC.waits_for, Some(WaitsFor::ExternalResult));
    assert_eq!(without_arguments::SPEC.waits_for, Some(WaitsFor::ExternalResult));
    assert_eq!(empty::SPEC.waits_for, None);
    assert_eq!(
        (
            external::SPEC.return_direct,
            without_arguments::SPEC.return_direct
        ),
        (true, false)
    );
    assert!(cached::CACHE.is_some() && empty::CACHE.is_none());
}

#[test]
fn an_external_tool_is_declared_like_any_other() {
    let declared = declared(&external {});
    assert_eq!(declared["parameters"]["properties"]["number"]["minimum"], 1);
    assert_eq!(external {}.check(0, r#"{"number":1}"#), Ok(()));
    assert!(external {}.check(0, r#"{"number":0}"#).is_err());
}

#[test]
fn all_keys_can_be_combined() {
    let spec = everything::SPEC;
    assert_eq!((spec.name, spec.description), ("all", "Every key."));
    assert_eq!(spec.timeout, Some(Duration::from_secs(5)));
    assert!(spec.hints.read_only);
}

#[tokio::test]
async fn a_blocking_tool_gets_its_arguments_and_the_run() {
    assert_eq!(
        called(&blocks {}, "blocks", r#"{"text":"a"}"#).await.unwrap(),
        "a 0"
    );
}
