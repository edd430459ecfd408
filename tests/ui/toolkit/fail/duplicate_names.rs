use agno::prelude::*;

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    fn roll(&self) -> u8 {
        4
    }

    /// Rolls a die.
    #[tool(name = "roll")]
    fn throw(&self) -> u8 {
        4
    }
}

fn main() {}
