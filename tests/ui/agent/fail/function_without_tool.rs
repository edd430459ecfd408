use agno::prelude::*;

fn weather() -> u8 {
    4
}

#[agent(tools = [weather])]
struct Assistant;

fn main() {}
