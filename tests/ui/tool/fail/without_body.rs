use agno::prelude::*;

/// Rolls a die.
#[tool]
fn roll() -> u8;

fn main() {}
