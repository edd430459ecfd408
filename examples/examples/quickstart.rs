//! An agent with one tool, and a real model that runs in this process without an API key or a server.
//!
//! `cargo run --example quickstart`, or with another model: `AGNO_MODEL=openai:gpt-5-mini cargo run --example quickstart`

use agno::prelude::*;

/// Current weather in a city.
#[tool]
async fn weather(
    /// City name, for instance "Paris".
    #[arg(len = 1..=80)]
    city: &str,
) -> Result<Report, UnknownCity> {
    // A real tool would call a weather service here.
    match city.to_lowercase().as_str() {
        "oslo" => Ok(Report {
            temperature: "4 degrees Celsius",
            sky: "light rain",
        }),
        "rome" => Ok(Report {
            temperature: "19 degrees Celsius",
            sky: "clear",
        }),
        "reykjavik" => Ok(Report {
            temperature: "1 degree below zero",
            sky: "snow",
        }),
        _ => Err(UnknownCity(city.to_owned())),
    }
}

#[derive(Serialize)]
struct Report {
    temperature: &'static str,
    sky: &'static str,
}

/// Answers questions about the weather.
#[agent(instructions = "You answer questions about the weather.", tools = [weather], max_turns = 4)]
struct Forecaster;

#[tokio::main]
async fn main() -> agno::Result<()> {
    // Unless the environment names a model, download a small model once and run it in this process.
    if !AnyModel::is_named_in_env() {
        agno::local::fetch("smollm2-135m")?;
    }
    let agent = Forecaster.with(AnyModel::from_env_or("local:smollm2-135m")?);

    let question = "What is the weather in Oslo?";
    println!("question: {question}");
    let answer = agent.run(question).await?;
    for call in answer.calls() {
        println!("call:     {}({})", call.name, call.arguments);
        println!("result:   {}", call.result_text());
    }
    println!("answer:   {answer}");
    Ok(())
}

#[derive(Debug)]
struct UnknownCity(String);

impl std::fmt::Display for UnknownCity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no weather station in {}; try Oslo, Rome or Reykjavik", self.0)
    }
}
