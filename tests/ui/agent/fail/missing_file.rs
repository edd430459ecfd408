use agno::prelude::*;

#[agent(instructions_file = "no_such_file.md")]
struct Assistant;

fn main() {}
