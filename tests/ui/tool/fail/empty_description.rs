use agno::prelude::*;

#[tool(description = " ")]
fn roll() -> u8 {
    4
}

fn main() {}
