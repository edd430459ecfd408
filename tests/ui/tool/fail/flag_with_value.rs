use agno::prelude::*;

/// Rolls a die.
#[tool(read_only = true, blocking(yes), name)]
fn roll() -> u8 {
    4
}

fn main() {}
