use agno::prelude::*;

/// Looks.
#[tool]
unsafe extern "C" fn look(far: u8, ...) {}

fn main() {}
