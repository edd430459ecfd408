use agno::prelude::*;

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    fn roll(&self) -> u8 {
        4
    }

    fn toss(&self, #[arg(default)] high: bool) -> bool {
        high
    }
}

fn main() {}
