use agno::prelude::*;

/// Adds.
#[tool]
fn add(#[arg(rename = "first summand")] a: u8, größe: u8) -> u8 {
    a + größe
}

fn main() {}
