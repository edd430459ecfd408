use agno::prelude::*;

/// Greets.
#[tool]
fn greet(name: impl Into<String>, others: Vec<impl Into<String>>) -> String {
    drop(others);
    name.into()
}

fn main() {}
