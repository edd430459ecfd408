use agno::prelude::*;

/// Looks.
#[tool(, read_only)]
fn look() {}

/// Finds.
#[tool(read_only() idempotent)]
fn find() {}

fn main() {}
