//! An agent whose provider and model are selected at run time, by a name in the format `provider:model`.
//!
//! `cargo run --example providers -- "anthropic:claude-sonnet-4-5" "Do I need an umbrella in Oslo?"`
//!
//! Without arguments, the example lists the providers and uses the model that the environment names, or the embedded
//! model.

use std::time::Duration;

use agno::model::layer::{RetryLayer, TimeoutLayer};
use agno::prelude::*;
use agno::provider::PROVIDERS;

/// Current weather in a city.
#[tool(read_only)]
fn weather(
    /// City name, for instance "Paris".
    #[arg(len = 1..=80)]
    city: &str,
) -> String {
    format!("4 degrees Celsius and light rain in {city}")
}

/// Answers questions about the weather.
#[agent(instructions = "You answer questions about the weather.", tools = [weather], max_turns = 4)]
struct Forecaster;

#[tokio::main]
async fn main() -> agno::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let model = match arguments.next() {
        Some(name) => AnyModel::named(&name)?,
        None => {
            list_providers();
            agno_examples::model()?
        }
    };
    let question = arguments
        .next()
        .unwrap_or_else(|| "What is the weather in Oslo?".to_owned());

    // A service should retry failed requests and limit the total time.
    let model = model
        .timeout(TimeoutLayer::new().with_total(Duration::from_secs(120)))
        .retry(RetryLayer::new());
    println!("model {}: {question}", model.id());
    let agent = Forecaster.with(model);
    let mut events = agent.stream(&question);
    while let Some(event) = events.next().await {
        match event?.event {
            Event::Text { delta, .. } => print!("{delta}"),
            Event::ToolStarted { call, .. } => println!("  {}({})", call.name, call.arguments),
            Event::ToolFinished { result, .. } => println!("  = {}", result.text()),
            Event::Finished { answer, .. } => {
                println!(
                    "\n{} input tokens, {} output tokens",
                    answer.usage.input, answer.usage.output
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// Lists the built-in providers and the environment variables of their API keys.
fn list_providers() {
    for provider in PROVIDERS.iter().filter(|provider| provider.is_built_in) {
        let set = provider
            .key_variables
            .iter()
            .find(|name| std::env::var_os(name).is_some());
        let key = match (set, provider.key_variables.first()) {
            (Some(set), _) => format!("key in {set}"),
            (None, Some(first)) => format!("set {first}"),
            (None, None) => "no key needed".to_owned(),
        };
        println!(
            "{:<18}{:<30}{:<18}{key}",
            provider.name, provider.title, provider.api
        );
    }
    println!();
}
