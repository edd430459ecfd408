use agno::prelude::*;

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool(crate = ::agno)]
    fn roll(&self) -> u8 {
        4
    }

    /// Tosses a coin.
    #[tool]
    #[tool(read_only)]
    fn toss(&self) -> bool {
        true
    }

    /// Draws a card.
    #[tool = "draw"]
    fn draw(&self) -> u8 {
        4
    }
}

fn main() {}
