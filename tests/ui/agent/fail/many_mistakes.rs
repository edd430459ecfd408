use agno::prelude::*;

#[agent(
    modle = "openai:gpt-5-mini",
    instructions = "{a} {b}",
    tools = [],
    max_turns = 0,
    crate = some::path,
)]
struct Assistant;

fn main() {}
