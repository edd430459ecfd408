use agno::prelude::*;

/// Rolls a die.
#[tool]
unsafe fn roll() -> u8 {
    4
}

/// Rolls a die.
#[tool]
extern "C" fn foreign() -> u8 {
    4
}

/// Rolls a die.
#[tool]
const fn constant() -> u8 {
    4
}

fn main() {}
