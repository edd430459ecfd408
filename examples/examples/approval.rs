//! A person decides: a run that comes to a tool with `approval` or `external` pauses, is written down, and goes on when the
//! decision is there, perhaps in another process on another day.
//!
//! `cargo run --example approval` asks in the terminal; where there is none, it says yes to small sums. It plays a script;
//! with `AGNO_MODEL` or a key set, a real model decides what to call.

use std::io::{IsTerminal, stdin};

use agno::ToolResult;
use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::run::WaitsFor;
use agno_examples::{model_or, show};

/// Pays an invoice.
#[tool(approval)]
fn pay(
    /// Number of the invoice.
    invoice: u32,
    /// The sum in euro.
    #[arg(range = 1..)]
    euro: u32,
) -> String {
    format!("invoice {invoice} is paid, {euro} euro")
}

/// Asks the user something only they can know.
#[tool(external)]
fn ask(question: String);

/// Keeps the books of a small company.
#[agent(
    instructions = "Pay what the user asks for. Ask for what you do not know.",
    tools = [pay, ask],
)]
struct Bookkeeper;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = model_or(|| {
        ScriptedModel::new()
            .call("ask", r#"{"question":"What is the sum of invoice 2?"}"#)
            .calls([
                ("pay", r#"{"invoice":1,"euro":90}"#),
                ("pay", r#"{"invoice":2,"euro":4000}"#),
            ])
            .reply("I paid what you agreed to.")
    })?;
    let agent = Bookkeeper.with(model);

    let request = "Pay invoice 1, which is 90 euro, and invoice 2.";
    println!("{request}");
    let mut outcome = agent.run(request).await.outcome()?;
    let answer = loop {
        match outcome {
            Outcome::Done(answer) => break answer,
            Outcome::Paused(run) => {
                // A service would put this into its database, and somebody's answer would come with another request.
                let written = serde_json::to_string(&run)?;
                println!("(paused: {} bytes written down)", written.len());
                let mut run: agno::Run = serde_json::from_str(&written)?;
                decide(&mut run)?;
                outcome = agent.resume(run).await.outcome()?;
            }
        }
    };
    show(&answer);
    Ok(())
}

/// Decides each call that waits.
fn decide(run: &mut agno::Run) -> agno::Result<()> {
    let waiting: Vec<_> = run
        .waiting()
        .map(|waiting| (waiting.call.clone(), waiting.waits_for))
        .collect();
    for (call, waits_for) in waiting {
        let arguments: serde_json::Value = serde_json::from_str(&call.arguments).unwrap_or_default();
        if waits_for == WaitsFor::Approval {
            let small = arguments["euro"].as_u64().is_some_and(|euro| euro < 1000);
            let usual = if small { "yes" } else { "no" };
            let said = asked(
                &format!("May I call {}({})? yes or no", call.name, call.arguments),
                usual,
            );
            if said.starts_with('y') {
                run.approve(&call.id)?;
            } else {
                run.decline(&call.id, "the owner said no")?;
            }
        } else {
            let question = arguments["question"].as_str().unwrap_or_default();
            run.provide(&call.id, ToolResult::from_text(asked(question, "4000 euro")))?;
        }
    }
    Ok(())
}

/// What the person at the terminal says, or the usual answer where nobody is.
fn asked(question: &str, usual: &str) -> String {
    println!("? {question}");
    let mut line = String::new();
    if !stdin().is_terminal() || stdin().read_line(&mut line).is_err() {
        line = usual.to_owned();
        println!("> {line}");
    }
    line.trim().to_owned()
}
