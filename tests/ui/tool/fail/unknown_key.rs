use agno::prelude::*;

/// Rolls a die.
#[tool(tiemout = "5s", colour = "red")]
fn roll(#[arg(defualt = 6, size = 3)] sides: u8) -> u8 {
    sides
}

fn main() {}
