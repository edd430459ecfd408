use agno::prelude::*;

/// Rolls a die.
#[tool(crate = reexports::agno)]
fn roll() -> u8 {
    4
}

fn main() {}
