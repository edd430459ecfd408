//! A conversation in a SQLite file: each run sees the newest messages of earlier runs, also after the program was stopped and
//! started again, and a run that failed resumes.
//!
//! `cargo run --example session` uses a scripted model. If `AGNO_MODEL` or `OPENAI_API_KEY` is set, a real model answers.

use agno::ModelErrorKind;
use agno::prelude::*;
use agno::session::Window;
use agno::store::{Page, SessionStore};
use agno_examples::model_or;
use agno_sqlite::Sqlite;

/// Talks with the user.
#[agent(instructions = "Talk with the user in short sentences.")]
struct Companion;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = model_or(|| {
        ScriptedModel::new()
            .reply("Hello Ada.")
            .fault(ModelErrorKind::Overloaded)
            .reply("It is a good instrument for someone who writes about music.")
            .reply("You play the harp.")
    })?;
    let agent = Companion.with(&model);

    let path = std::env::temp_dir().join("agno-session.db");
    let store = Sqlite::open(&path).await?;
    // The owner comes from the authenticated request in a service. Nothing of another owner is visible.
    let owner = Owner::new("ada")?;
    for session in store.list(&owner, Page::first(10)).await?.sessions {
        println!(
            "(the file contains {} entries of earlier starts)",
            session.version
        );
    }

    for text in ["My name is Ada.", "I play the harp.", "What do I play?"] {
        println!("you: {text}");
        // The run reads at most four messages, however long the session is, and is stored when it ends.
        let session = || {
            agent
                .in_session(&store, &owner, "example")
                .window(Window::messages(4))
        };
        let answer = match session().run(text).await {
            Ok(answer) => answer,
            Err(error) if error.is_retryable() => {
                println!("({error}; the run resumes where it stopped)");
                let run = session().stopped_run().await?.ok_or(error)?;
                session().resume(run).await?
            }
            Err(error) => return Err(error.into()),
        };
        println!("agent: {answer}");
    }
    println!(
        "(start the program again to continue; delete {} to forget)",
        path.display()
    );
    Ok(())
}
