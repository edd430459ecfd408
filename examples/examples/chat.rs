//! A chat in the terminal, with streamed text and visible tool calls. Ctrl-C cancels an answer; at the prompt, Ctrl-C, Ctrl-D or
//! `/quit` ends the chat.
//!
//! `cargo run --example chat`, or with another model: `AGNO_MODEL=openai:gpt-5-mini cargo run --example chat`

use std::io::{IsTerminal as _, Write as _};

use agno::CancellationToken;
use agno::prelude::*;
use agno::session::Window;
use agno_examples::model;
use tokio::sync::mpsc;

/// Current weather in a city.
#[tool(read_only)]
fn weather(
    /// City name, for instance "Paris".
    #[arg(len = 1..=80)]
    city: &str,
) -> Result<String, &'static str> {
    match city.to_lowercase().as_str() {
        "oslo" => Ok("4 degrees Celsius, light rain".into()),
        "rome" => Ok("19 degrees Celsius, clear sky".into()),
        "reykjavik" => Ok("1 degree below zero, snow".into()),
        _ => Err("no weather station there; try Oslo, Rome or Reykjavik"),
    }
}

/// Chats with the user.
#[agent(instructions = "You are a friendly assistant. Answer in one or two short sentences.", tools = [weather], max_turns = 4)]
struct Chat;

#[tokio::main]
async fn main() -> agno::Result<()> {
    let agent = Chat.with(model()?);
    let mut session = Session::new(Owner::shared()).with_window(Window::messages(20));
    let mut lines = lines();
    println!(
        "Talking to {}. Ask about the weather in Oslo, Rome or Reykjavik, or say hello. /quit ends the chat.",
        agent.model().id()
    );

    loop {
        prompt();
        let line = tokio::select! {
            line = lines.recv() => line,
            _ = tokio::signal::ctrl_c() => None,
        };
        let Some(line) = line else { break };
        match line.trim() {
            "" => {}
            "/quit" | "/exit" => break,
            input => answer(&agent, &mut session, input).await,
        }
    }
    println!("\nGoodbye.");
    Ok(())
}

/// Streams one answer. Ctrl-C cancels the answer but does not end the chat.
async fn answer(agent: &Agent<Chat, impl Model>, session: &mut Session, input: &str) {
    let token = CancellationToken::new();
    let mut events = agent.session(session).cancellation(&token).stream(input);
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            _ = tokio::signal::ctrl_c() => {
                token.cancel();
                continue;
            }
        };
        match event.map(|item| item.map(|item| item.event)) {
            Some(Ok(Event::Text { delta, .. })) => print!("{delta}"),
            Some(Ok(Event::ToolStarted { call, .. })) => {
                println!("{}", dim(&format!("  → {}({})", call.name, call.arguments)));
            }
            Some(Ok(Event::ToolFinished { result, .. })) => {
                println!("{}", dim(&format!("  ← {}", result.text())));
            }
            Some(Ok(_)) => {}
            Some(Err(error)) if token.is_cancelled() => {
                println!("{}", dim(&format!("  ({error})")));
                break;
            }
            Some(Err(error)) => {
                println!("{}", dim(&format!("  {error:?}")));
                break;
            }
            None => {
                println!();
                break;
            }
        }
        let _ = std::io::stdout().flush();
    }
}

/// Reads lines of input on a separate thread, so that a pending read does not prevent the program from exiting.
fn lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

fn prompt() {
    print!("> ");
    let _ = std::io::stdout().flush();
}

/// Dims text if the output is a terminal, unless `NO_COLOR` is set.
fn dim(text: &str) -> String {
    if std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        format!("\u{1b}[2m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}
