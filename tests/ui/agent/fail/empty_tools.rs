use agno::prelude::*;

#[agent(tools = [])]
struct Assistant;

#[agent(tools = weather)]
struct NoList;

fn main() {}
