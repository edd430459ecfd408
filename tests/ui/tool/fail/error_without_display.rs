use agno::prelude::*;

struct Lost;

/// Looks.
#[tool]
fn look() -> Result<u8, Lost> {
    Err(Lost)
}

fn main() {}
