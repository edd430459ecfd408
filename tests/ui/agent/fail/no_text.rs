use agno::prelude::*;

#[agent(instructions = 5)]
struct Number;

#[agent(name = "", description = " ")]
struct Empty;

fn main() {}
