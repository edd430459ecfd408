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

struct Cards<'a>(&'a str, Cell<u8>);

#[toolkit]
impl Cards<'_> {
    /// Draws a card.
    #[tool]
    async fn draw(&self) -> u8 {
        self.1.get()
    }
}

fn main() {}
