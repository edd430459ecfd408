use agno::prelude::*;

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    fn roll(&self) -> u8 {
        4
    }
}

#[toolkit]
impl Dice {
    /// Tosses a coin.
    #[tool]
    fn toss(&self) -> bool {
        true
    }
}

fn main() {}
