use agno::prelude::*;

#[agent(tools = [weather])]
struct Assistant;

#[agent(tools = [nowhere::weather])]
struct Nowhere;

fn main() {}
