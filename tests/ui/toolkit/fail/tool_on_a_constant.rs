use agno::prelude::*;

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    fn roll(&self) -> u8 {
        4
    }

    /// Sides.
    #[tool]
    const SIDES: u8 = 6;
}

fn main() {}
