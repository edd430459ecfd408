use agno::prelude::*;

struct Dice;

#[toolkit]
#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    fn roll(&self) -> u8 {
        4
    }
}

fn main() {}
