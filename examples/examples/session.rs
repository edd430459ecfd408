//! A conversation across runs: each run sees the newest messages of earlier runs, a failed run resumes, and the session is
//! saved and loaded.
//!
//! `cargo run --example session` uses a scripted model. If `AGNO_MODEL` or `OPENAI_API_KEY` is set, a real model answers.

use agno::prelude::*;
use agno::session::Window;
use agno::{Error, ErrorKind, ModelErrorKind};
use agno_examples::model_or;

/// Talks with the user.
#[agent(instructions = "Talk with the user in short sentences.")]
struct Companion;

#[tokio::main]
async fn main() -> agno::Result<()> {
    let model = model_or(|| {
        ScriptedModel::new()
            .reply("Hello Ada.")
            .fault(ModelErrorKind::Overloaded)
            .reply("It is a good instrument for someone who writes about music.")
            .reply("You play the harp.")
            .reply("You asked which instrument you play.")
    })?;
    let agent = Companion.with(&model);

    // The model sees at most the newest four messages of earlier runs; the session keeps all messages.
    let mut session = Session::new(Owner::shared()).with_window(Window::messages(4));
    for text in ["My name is Ada.", "I play the harp.", "What do I play?"] {
        println!("you: {text}");
        let answer = match agent.session(&mut session).run(text).await {
            Ok(answer) => answer,
            Err(error) if error.is_retryable() => {
                println!("({error}; the run resumes where it stopped)");
                let run = error.run().cloned().ok_or(error)?;
                agent.session(&mut session).resume(run).await?
            }
            Err(error) => return Err(error),
        };
        println!("agent: {answer}");
    }
    println!(
        "({} messages, the model sees {})",
        session.len(),
        session.visible().len()
    );

    // A session is plain data: store it anywhere and continue on another day. The window is not stored.
    let stored = serde_json::to_string(&session).map_err(storage_error)?;
    let session: Session = serde_json::from_str(&stored).map_err(storage_error)?;
    let mut session = session.with_window(Window::messages(4));
    let text = "What did I just ask?";
    let answer = agent.session(&mut session).run(text).await?;
    println!(
        "(stored in {} bytes and loaded again)\nyou: {text}\nagent: {answer}",
        stored.len()
    );
    Ok(())
}

fn storage_error(error: serde_json::Error) -> Error {
    Error::new(
        ErrorKind::Configuration,
        "the session could not be stored or loaded",
    )
    .with_source(error)
}
