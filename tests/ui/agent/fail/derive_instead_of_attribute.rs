use agno::prelude::*;

#[derive(Agent)]
struct Assistant;

fn main() {}
