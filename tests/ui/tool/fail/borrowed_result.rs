#![allow(unused_variables)]

use agno::prelude::*;

/// Returns the longer text.
#[tool]
fn longer(a: &str, b: &str) -> &str {
    if a.len() > b.len() { a } else { b }
}

/// Returns the first text.
#[tool]
fn first(a: &str, run: &RunContext) -> Option<&str> {
    Some(a)
}

/// Returns the longer text, as the compiler suggests.
#[tool]
fn longest<'a>(a: &'a str, b: &'a str) -> &'a str {
    if a.len() > b.len() { a } else { b }
}

fn main() {}
