use agno::prelude::*;

/// Looks.
#[tool(read_only)]
#[tool(timeout = "5s")]
fn look() {}

fn main() {}
