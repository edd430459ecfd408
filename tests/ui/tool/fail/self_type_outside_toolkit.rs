use agno::prelude::*;

struct Dice;

impl Dice {
    /// Makes a die.
    #[tool]
    fn die() -> Self {
        Self
    }
}

fn main() {}
