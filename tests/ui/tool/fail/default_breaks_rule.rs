use agno::prelude::*;

/// Adds.
#[tool]
fn add(
    #[arg(default = 9, range = 1..=6)] a: u8,
    #[arg(example = "", len = 1..=6)] b: String,
    #[arg(default = "x", pattern = "^y")] c: String,
) -> u8 {
    drop((b, c));
    a
}

fn main() {}
