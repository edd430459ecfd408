use agno::prelude::*;

use std::sync::Arc;

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    fn change(&mut self) -> u8 {
        4
    }

    /// Rolls a die.
    #[tool]
    fn take(self) -> u8 {
        4
    }

    /// Rolls a die.
    #[tool]
    fn shared(self: Arc<Self>) -> u8 {
        4
    }
}

fn main() {}
