use agno::prelude::*;

struct Dice;

#[toolkit]
impl Dice {
    fn roll(&self) -> u8 {
        4
    }
}

fn main() {}
