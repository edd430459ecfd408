use agno::prelude::*;

#[agent(max_turns = -1, max_total_turns = "100", max_output_retries(2))]
struct Assistant;

fn main() {}
