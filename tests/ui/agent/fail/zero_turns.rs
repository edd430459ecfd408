use agno::prelude::*;

#[agent(max_turns = 0)]
struct Assistant;

#[agent(max_turns = "8")]
struct Text;

fn main() {}
