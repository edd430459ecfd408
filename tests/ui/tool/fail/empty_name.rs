use agno::prelude::*;

/// Adds.
#[tool(name = "")]
fn add(#[arg(rename = "")] _a: u8) -> u8 {
    4
}

fn main() {}
