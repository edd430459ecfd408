//! A conversation: each run sees what the earlier ones said, through a window, and a failed run is taken up again.
//!
//! `cargo run --example session` plays a script; with `AGNO_MODEL` or a key set, a real model answers.

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::session::Window;
use agno_examples::model_or;

/// Talks with people.
#[agent(instructions = "Talk with the user, in short sentences.")]
struct Companion;

#[tokio::main]
async fn main() -> agno::Result<()> {
    let model = model_or(|| {
        ScriptedModel::new()
            .reply("Hello Ada.")
            .reply("It is a good instrument for someone who writes about music.")
            .reply("You are Ada, and you play the harp.")
    })?;
    let agent = Companion.with(&model);

    // The model sees the newest twenty messages; all of them stay in the session.
    let mut session = Session::new().with_window(Window::messages(20));
    for said in [
        "My name is Ada.",
        "I play the harp.",
        "Who am I, and what do I play?",
    ] {
        let answer = agent.session(&mut session).run(said).await?;
        println!("you: {said}\nagent: {answer}");
    }

    // A session is plain data: store it wherever you like and go on another day.
    let stored = serde_json::to_string(&session).map_err(|error| {
        agno::Error::new(agno::ErrorKind::Configuration, "the session could not be written")
            .with_source(error)
    })?;
    println!(
        "({} messages, {} bytes when written down)",
        session.len(),
        stored.len()
    );
    Ok(())
}
