use agno::prelude::*;

/// Rolls a die.
#[tool(name = "a", name = "b")]
fn roll(#[arg(default = 6, default)] sides: u8, #[arg(rename = "a")] #[arg(rename = "b")] n: u8) -> u8 {
    sides + n
}

fn main() {}
