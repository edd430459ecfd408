use agno::prelude::*;

struct Dice;

#[toolkit]
impl Dice {
    #[tool(timeout = "soon")]
    fn roll(&mut self, (a, b): (u8, u8)) -> u8 {
        a + b
    }

    #[tool(name = "a b")]
    fn toss(&self) -> bool {
        true
    }
}

/// Plays.
#[agent(tools = [self.dice])]
struct Player {
    dice: Dice,
}

fn main() {}
