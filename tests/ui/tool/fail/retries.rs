use agno::prelude::*;

/// Looks once.
#[tool(read_only, retries = 0)]
fn once() -> u8 {
    1
}

/// Looks for ever.
#[tool(read_only, retries = 1000)]
fn for_ever() -> u8 {
    2
}

/// Looks a little.
#[tool(read_only, retries = "twice")]
fn twice() -> u8 {
    3
}

fn main() {}
