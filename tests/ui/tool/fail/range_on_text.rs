use agno::prelude::*;

/// Adds.
#[tool]
fn add(
    #[arg(range = 1..=5)] text: String,
) -> String {
    text
}

fn main() {}
