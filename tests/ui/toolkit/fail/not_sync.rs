use agno::prelude::*;

use std::cell::Cell;

struct Dice(Cell<u8>);

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    fn roll(&self) -> u8 {
        self.0.get()
    }
}

fn main() {}
