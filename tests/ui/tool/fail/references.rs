use agno::prelude::*;

/// Changes.
#[tool]
fn change(text: &mut String) -> String {
    text.clone()
}

/// Joins.
#[tool]
fn join(words: Vec<&str>, more: &[&str], forever: &'static str) -> String {
    words.join(more[0]) + forever
}

fn main() {}
