use agno::prelude::*;

/// Adds.
#[tool]
fn add(
    #[arg(range = 1..=5)] text: String,
    #[arg(len = 1..=5)] number: u8,
    #[arg(pattern = "^a")] flag: bool,
    #[arg(range = 0..=300)] wide: u8,
) -> u8 {
    drop((text, flag, wide));
    number
}

fn main() {}
