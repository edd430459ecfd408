use agno::prelude::*;

#[toolkit]
struct Dice;

#[toolkit]
impl Clone for Dice {
    /// Copies.
    #[tool]
    fn clone(&self) -> Self {
        Dice
    }
}

#[toolkit]
/// Rolls a die.
fn roll() -> u8 {
    4
}

fn main() {}
