use agno::prelude::*;

/// Adds two numbers.
#[tool(name = "add")]
#[derive(Schema, Deserialize)]
struct Add {
    a: u8,
    b: u8,
}

fn main() {}
