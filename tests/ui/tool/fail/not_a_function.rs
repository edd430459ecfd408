use agno::prelude::*;

/// Rolls a die.
#[tool]
struct Dice;

/// Rolls a die.
#[tool]
mod dice {}

fn main() {}
