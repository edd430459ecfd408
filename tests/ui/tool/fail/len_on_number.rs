use agno::prelude::*;

/// Adds.
#[tool]
fn add(
    #[arg(len = 1..=5)] number: u8,
) -> String {
    number.to_string()
}

fn main() {}
