use agno::prelude::*;

use agno::tool::Toolset;

/// Reads.
#[tool]
fn read(path: &str) -> String {
    path.to_owned()
}

fn tools() -> impl Toolset {
    read
}

fn main() {}
