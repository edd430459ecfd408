use agno::prelude::*;

#[agent(instructions = "Answer.", instructions_file = "answer.md")]
struct Assistant;

fn main() {}
