//! Human approval across processes: a run pauses when the model calls a tool declared with `approval` or `external`. The run
//! is in a SQLite file, and the next start of the program decides and resumes it, possibly on another day.
//!
//! `cargo run --example approval` asks for decisions in the terminal, one start for each pause. Without a terminal, it
//! approves only small amounts, and starts the next process itself. By default, it uses a scripted model. If `AGNO_MODEL` or
//! `OPENAI_API_KEY` is set, a real model decides which tools to call.

use std::io::{IsTerminal, stdin};
use std::process::Command;

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::run::WaitsFor;
use agno::session::Window;
use agno::store::{SessionKey, SessionStore, StoredSession};
use agno::{Run, ToolResult};
use agno_examples::{model_or, show};
use agno_sqlite::Sqlite;

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
    let store = Sqlite::open(std::env::temp_dir().join("agno-approval.db")).await?;
    let key = SessionKey::new(Owner::new("bookkeeper")?, "invoices")?;
    let mut stored = StoredSession::open(&store, &key, Window::messages(0)).await?;
    let stopped = stored.take_stopped_run();
    drop(stored);

    let model = model_or(|| script(stopped.as_ref().map_or(0, Run::turns)))?;
    let agent = Bookkeeper.with(model);
    let session = agent.in_session(&store, key.owner(), key.id());
    let result = match stopped {
        None => {
            let request = "Pay invoice 1, which is 90 euros, and invoice 2.";
            println!("{request}");
            session.run(request).await
        }
        Some(mut run) => {
            decide(&mut run)?;
            session.resume(run).await
        }
    };
    match result.outcome()? {
        Outcome::Done(answer) => {
            show(&answer);
            store.delete(&key).await?;
        }
        Outcome::Paused(run) => {
            println!(
                "(paused; calls that wait for the next start: {})",
                run.waiting().count()
            );
            store.close().await;
            if !stdin().is_terminal() && !Command::new(std::env::current_exe()?).status()?.success() {
                return Err("the next process failed".into());
            }
        }
    }
    Ok(())
}

/// Returns the reply of the model after this many turns. Each start makes one request.
fn script(turns: u32) -> ScriptedModel {
    match turns {
        0 => ScriptedModel::new().call("ask", r#"{"question":"What is the amount of invoice 2?"}"#),
        1 => ScriptedModel::new().calls([
            ("pay", r#"{"invoice":1,"euro":90}"#),
            ("pay", r#"{"invoice":2,"euro":4000}"#),
        ]),
        _ => ScriptedModel::new().reply("I paid the invoices that you approved."),
    }
}

/// Decides on each waiting call.
fn decide(run: &mut Run) -> agno::Result<()> {
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
