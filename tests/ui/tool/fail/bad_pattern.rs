use agno::prelude::*;

/// Looks.
#[tool]
fn look(#[arg(pattern = "(open")] what: String) -> String {
    what
}

fn main() {}
