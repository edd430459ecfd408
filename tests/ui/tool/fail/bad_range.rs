use agno::prelude::*;

/// Adds.
#[tool]
fn add(
    #[arg(range = 5..=1)] a: u8,
    #[arg(range = 1..1)] b: u8,
    #[arg(range = ..)] c: u8,
    #[arg(len = -1..=5)] d: String,
    #[arg(range = MIN..)] e: u8,
) -> u8 {
    drop(d);
    a + b + c + e
}

const MIN: u8 = 1;

fn main() {}
