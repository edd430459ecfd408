use agno::prelude::*;

/// Adds.
#[tool]
fn add(
    #[arg(pattern = "^a")] flag: bool,
) -> String {
    flag.to_string()
}

fn main() {}
