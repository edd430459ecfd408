//! Tool features: borrowed and optional arguments, defaults and bounds, errors for the model, timeouts, blocking work, and
//! access to the current run.
//!
//! `cargo run --example tools` uses a scripted model. If `AGNO_MODEL` or `OPENAI_API_KEY` is set, a real model decides which tools to
//! call.

use std::time::Duration;

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno_examples::{model_or, show};

/// Searches the notes for lines that contain a word.
#[tool(read_only)]
fn search(
    /// Word to look for.
    word: &str,
    /// Maximum number of lines.
    #[arg(default = 3, range = 1..=10)]
    limit: u8,
    /// Only lines by this author.
    author: Option<&str>,
) -> Vec<String> {
    const NOTES: [(&str, &str); 4] = [
        ("ada", "the engine weaves algebraic patterns"),
        ("ada", "the engine might compose music"),
        ("charles", "the engine needs more brass"),
        ("charles", "ask Ada about the engine's music"),
    ];
    NOTES
        .iter()
        .filter(|(by, line)| {
            line.contains(word) && author.is_none_or(|author| author.eq_ignore_ascii_case(by))
        })
        .take(limit.into())
        .map(|(by, line)| format!("{by}: {line}"))
        .collect()
}

/// Divides one number by another.
#[tool(read_only, idempotent)]
fn divide(dividend: f64, divisor: f64) -> Result<f64, &'static str> {
    if divisor == 0.0 {
        Err("a number cannot be divided by zero")
    } else {
        Ok(dividend / divisor)
    }
}

/// Fetches a slow page.
#[tool(timeout = "100ms", open_world)]
async fn fetch(
    /// Delay of the page in milliseconds.
    delay: u64,
) -> &'static str {
    tokio::time::sleep(Duration::from_millis(delay)).await;
    "the page"
}

/// Counts the primes below a number, on a thread for blocking work.
#[tool(blocking, read_only)]
fn primes(#[arg(range = 0..=100_000)] below: u32) -> usize {
    (2..below)
        .filter(|number| {
            (2..*number)
                .take_while(|by| by * by <= *number)
                .all(|by| number % by != 0)
        })
        .count()
}

/// Returns the turn and the ID of this run.
#[tool]
fn run_id(run: &RunContext) -> String {
    format!("turn {} of run {}", run.turn(), run.run_id())
}

/// Answers with the help of tools.
#[agent(instructions = "Use the tools for facts.", tools = [search, divide, fetch, primes, run_id])]
struct Assistant;

#[tokio::main]
async fn main() -> agno::Result<()> {
    let model = model_or(|| {
        ScriptedModel::new()
            .calls([
                ("search", r#"{"word":"music"}"#),
                ("search", r#"{"word":"engine","limit":1,"author":"Charles"}"#),
                ("search", r#"{"word":"engine","limit":99}"#),
                ("divide", r#"{"dividend":1,"divisor":0}"#),
                ("fetch", r#"{"delay":10}"#),
                ("fetch", r#"{"delay":60000}"#),
                ("primes", r#"{"below":1000}"#),
                ("run_id", ""),
                ("delete_everything", "{}"),
            ])
            .reply("Four calls failed, and their results explain why.")
    })?;
    let question = "Search the notes, divide 1 by 0, fetch a fast and a slow page, count primes, and give the ID of the run.";
    println!("{question}");
    show(&Assistant.with(model).run(question).await?);
    Ok(())
}
