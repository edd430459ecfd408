use agno::prelude::*;

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    fn roll(#[arg(default)] &self) -> u8 {
        4
    }
}

fn main() {}
