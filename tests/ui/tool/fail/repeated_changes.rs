use agno::prelude::*;

/// Sends a letter.
#[tool(retries = 2)]
fn send(to: String) -> usize {
    to.len()
}

fn main() {}
