#![allow(dead_code)]

use agno::prelude::*;

/// Every field has one error, and uses of the agent have none.
#[agent]
struct Assistant {
    model: Box<dyn Model>,
    shared: std::sync::Arc<dyn agno::Model + Send + Sync>,
    agents: Vec<Box<dyn Agent>>,
    next: Option<Box<dyn Declared>>,
    tools: Vec<Box<dyn agno::tool::Toolset>>,
}

async fn ask(assistant: Assistant) -> agno::Result<()> {
    assistant.agent()?.run("Hello").await?;
    Ok(())
}

/// User-defined traits with these names are valid.
mod valid {
    use agno::prelude::*;

    trait Model: Send + Sync {}

    trait Tool: Send + Sync {}

    #[agent]
    struct Assistant {
        model: Box<dyn self::Model>,
        other: Box<dyn Model + Send + Sync>,
        tool: Box<dyn Tool>,
    }
}

fn main() {}
