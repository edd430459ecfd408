use agno::prelude::*;

/// Rolls a die.
#[tool(blocking)]
async fn roll() -> u8 {
    4
}

fn main() {}
