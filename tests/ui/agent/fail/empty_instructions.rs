use agno::prelude::*;

#[agent(instructions = "")]
struct Assistant;

#[agent(instructions = " \n")]
struct Blank;

fn main() {}
