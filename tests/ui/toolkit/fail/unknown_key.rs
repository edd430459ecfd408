use agno::prelude::*;

struct Dice;

#[toolkit(name = "dice")]
impl Dice {
    /// Rolls a die.
    #[tool(redonly)]
    fn roll(&self) -> u8 {
        4
    }
}

fn main() {}
