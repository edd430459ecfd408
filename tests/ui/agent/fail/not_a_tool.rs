use agno::prelude::*;

struct Files;

#[agent(tools = [Files])]
struct Assistant;

fn main() {}
