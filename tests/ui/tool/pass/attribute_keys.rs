//! Each key of `#[tool(..)]`, alone and together.

use std::time::Duration;

use agno::prelude::*;
use agno::schema::Rendered;
use agno::tool::Tool;

use crate::called;

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
