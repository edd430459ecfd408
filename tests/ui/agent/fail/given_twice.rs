use agno::prelude::*;

#[agent(instructions = "Be kind.")]
#[agent(max_turns = 3)]
struct Assistant;

fn main() {}
