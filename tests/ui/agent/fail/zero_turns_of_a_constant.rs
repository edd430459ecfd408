use agno::prelude::*;

const TURNS: u32 = 0;

#[agent(max_turns = TURNS)]
struct Assistant;

fn main() {}
