use agno::prelude::*;

/// Removes a file.
#[tool(read_only, destructive)]
fn remove(path: &str) -> usize {
    path.len()
}

fn main() {}
