//! The events of a run: text, calls and results in one typed stream.
//!
//! `cargo run --example streaming` uses the embedded model, which calls the tool correctly but may invent details in its
//! answer.

use std::io::Write as _;

use agno::prelude::*;
use agno_examples::model;

/// Current local time in a city.
#[tool(read_only)]
fn local_time(
    /// City name, for instance "Paris".
    #[arg(len = 1..=80)]
    city: &str,
) -> Result<LocalTime, &'static str> {
    match city.to_lowercase().as_str() {
        "berlin" => Ok(LocalTime {
            city: "Berlin",
            time: "9:05 AM",
        }),
        "tokyo" => Ok(LocalTime {
            city: "Tokyo",
            time: "4:05 PM",
        }),
        _ => Err("the time in that city is unknown; try Berlin or Tokyo"),
    }
}

#[derive(Serialize)]
struct LocalTime {
    city: &'static str,
    time: &'static str,
}

/// Answers questions about time.
#[agent(instructions = "Answer with the tool's result in one sentence.", tools = [local_time], max_turns = 4)]
struct Clock;

#[tokio::main]
async fn main() -> agno::Result<()> {
    let agent = Clock.with(model()?);
    let question = "What time is it in Berlin right now?";
    println!("{question}");

    let mut events = agent.stream(question);
    while let Some(event) = events.next().await {
        match event?.event {
            Event::Text { delta, .. } => {
                print!("{delta}");
                let _ = std::io::stdout().flush();
            }
            Event::ToolStarted { call, .. } => println!("[calling {}({})]", call.name, call.arguments),
            Event::ToolFinished { name, result, .. } => println!("[{name} returned {}]", result.text()),
            Event::Finished { answer, .. } => {
                println!(
                    "\n[{} turns, {} input tokens, {} output tokens]",
                    answer.turns, answer.usage.input, answer.usage.output
                );
            }
            _ => {}
        }
    }
    Ok(())
}
