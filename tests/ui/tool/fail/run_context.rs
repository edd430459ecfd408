use agno::prelude::*;

/// Waits.
#[tool]
async fn wait(run: RunContext) -> u32 {
    run.turn()
}

/// Waits.
#[tool]
async fn described(#[arg(description = "The run.")] run: &RunContext) -> u32 {
    run.turn()
}

fn main() {}
