//! Human approval: a run pauses when the model calls a tool declared with `approval` or `external`. The run is stored and
//! resumes after the decision, possibly in another process and on another day.
//!
//! `cargo run --example approval` asks for decisions in the terminal; without a terminal, it approves only small amounts.
//! By default, it uses a scripted model. If `AGNO_MODEL` or `OPENAI_API_KEY` is set, a real model decides which tools to
//! call.

use std::io::{IsTerminal, stdin};

use agno::ToolResult;
use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::run::WaitsFor;
use agno_examples::{model_or, show};

/// Pays an invoice.
#[tool(approval)]
fn pay(
    /// Invoice number.
    invoice: u32,
    /// Amount in euros.
    #[arg(range = 1..)]
    euro: u32,
) -> String {
    format!("paid {euro} euros for invoice {invoice}")
}

/// Asks the user a question that only the user can answer.
#[tool(external)]
fn ask(question: String);

/// Keeps the books of a small company.
#[agent(
    instructions = "Pay the invoices that the user names. Ask for missing information.",
    tools = [pay, ask],
)]
struct Bookkeeper;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = model_or(|| {
        ScriptedModel::new()
            .call("ask", r#"{"question":"What is the amount of invoice 2?"}"#)
            .calls([
                ("pay", r#"{"invoice":1,"euro":90}"#),
                ("pay", r#"{"invoice":2,"euro":4000}"#),
            ])
            .reply("I paid the invoices that you approved.")
    })?;
    let agent = Bookkeeper.with(model);

    let request = "Pay invoice 1, which is 90 euros, and invoice 2.";
    println!("{request}");
    let mut outcome = agent.run(request).await.outcome()?;
    let answer = loop {
        match outcome {
            Outcome::Done(answer) => break answer,
            Outcome::Paused(run) => {
                // A service would store the run in its database and receive the decision in a later HTTP request.
                let stored = serde_json::to_string(&run)?;
                println!("(paused: {} bytes stored)", stored.len());
                let mut run: agno::Run = serde_json::from_str(&stored)?;
                decide(&mut run)?;
                outcome = agent.resume(run).await.outcome()?;
            }
        }
    };
    show(&answer);
    Ok(())
}

/// Decides on each waiting call.
fn decide(run: &mut agno::Run) -> agno::Result<()> {
    let waiting: Vec<_> = run
        .waiting()
        .map(|waiting| (waiting.call.clone(), waiting.waits_for))
        .collect();
    for (call, waits_for) in waiting {
        let arguments: serde_json::Value = serde_json::from_str(&call.arguments).unwrap_or_default();
        if waits_for == WaitsFor::Approval {
            let small = arguments["euro"].as_u64().is_some_and(|euro| euro < 1000);
            let default = if small { "yes" } else { "no" };
            let decision = ask_person(
                &format!("Approve {}({})? yes or no", call.name, call.arguments),
                default,
            );
            if decision.starts_with('y') {
                run.approve(&call.id)?;
            } else {
                run.decline(&call.id, "the owner declined")?;
            }
        } else {
            let question = arguments["question"].as_str().unwrap_or_default();
            let answer = ask_person(question, "4000 euros");
            run.provide(&call.id, ToolResult::from_text(answer))?;
        }
    }
    Ok(())
}

/// Asks the person at the terminal and returns the answer, or the default if there is no terminal.
fn ask_person(question: &str, default: &str) -> String {
    println!("? {question}");
    let mut line = String::new();
    if !stdin().is_terminal() || stdin().read_line(&mut line).is_err() {
        line = default.to_owned();
        println!("> {line}");
    }
    line.trim().to_owned()
}
