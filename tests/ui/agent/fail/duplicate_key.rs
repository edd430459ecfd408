use agno::prelude::*;

#[agent(max_turns = 3, max_turns = 4)]
struct Assistant;

fn main() {}
