use agno::prelude::*;

#[agent(output = u8, max_output_retries = "2")]
struct Assistant;

fn main() {}
