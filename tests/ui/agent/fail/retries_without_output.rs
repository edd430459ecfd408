use agno::prelude::*;

#[agent(max_output_retries = 2)]
struct Assistant;

fn main() {}
