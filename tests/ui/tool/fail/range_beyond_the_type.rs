use agno::prelude::*;

/// Adds.
#[tool]
fn add(
    #[arg(range = 0..=300)] wide: u8,
) -> String {
    wide.to_string()
}

fn main() {}
