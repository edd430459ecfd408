use agno::prelude::*;

/// Rolls a die.
#[tool(crate = 5)]
fn roll() -> u8 {
    4
}

fn main() {}
