use agno::prelude::*;

use std::rc::Rc;

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    async fn roll(&self) -> usize {
        let sides = Rc::new(6);
        std::future::ready(()).await;
        *sides
    }

    /// Tosses a coin.
    #[tool]
    async fn toss(&self) -> bool {
        true
    }
}

fn main() {}
