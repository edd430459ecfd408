use agno::prelude::*;

/// Rolls a die.
#[tool(timeout = "5")]
fn roll() -> u8 {
    4
}

/// Rolls a die.
#[tool(timeout = "0s")]
fn never() -> u8 {
    4
}

/// Rolls a die.
#[tool(timeout = 5)]
fn number() -> u8 {
    4
}

fn main() {}
