use agno::prelude::*;

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool(blocking)]
    fn roll(&self) -> u8 {
        4
    }
}

fn main() {}
