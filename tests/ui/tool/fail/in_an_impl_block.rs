use agno::prelude::*;

struct Dice;

impl Dice {
    /// Rolls a die.
    #[tool]
    fn roll() -> u8 {
        4
    }
}

fn main() {}
