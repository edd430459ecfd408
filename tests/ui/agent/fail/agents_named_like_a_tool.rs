use agno::prelude::*;

/// Finds facts.
#[tool]
fn research() {}

/// Finds facts.
#[agent]
struct Research;

#[agent(tools = [research], agents = [Research])]
struct Desk;

fn main() {}
