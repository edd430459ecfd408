use agno::prelude::*;

/// Adds.
#[tool]
fn add(#[arg(default = "six")] a: u8, #[arg(default = 2.5)] b: u8) -> u8 {
    a + b
}

fn main() {}
