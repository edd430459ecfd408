use agno::prelude::*;

/// Rolls a die.
#[tool("5s", name "roll")]
fn roll(#[arg] sides: u8) -> u8 {
    sides
}

fn main() {}
