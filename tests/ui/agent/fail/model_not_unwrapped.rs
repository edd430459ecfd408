use agno::AnyModel;
use agno::prelude::*;

/// Answers.
#[agent]
struct Assistant;

async fn ask() -> agno::Result<()> {
    let agent = Assistant.with(AnyModel::named("openai:gpt-5-mini"));
    drop(Assistant.agent().run("Hello").await?);
    let agent = Assistant.agent();
    println!("{}", agent.run("Hello").await?.text());
    Ok(())
}

fn main() {
    drop(ask());
}
