use agno::prelude::*;

#[tool]
fn add(a: u8, b: u8) -> u8 {
    a + b
}

#[tool]
fn double(a: u8) -> u8 {
    a + a
}

/// Calculates.
#[agent(tools = [add, double])]
struct Calculator;

fn main() {}
