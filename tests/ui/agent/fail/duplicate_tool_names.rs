use agno::prelude::*;

/// Rolls a die.
#[tool]
fn roll() -> u8 {
    4
}

/// Rolls a die.
#[tool(name = "roll")]
fn throw() -> u8 {
    4
}

struct Dice;

#[toolkit]
impl Dice {
    /// Rolls a die.
    #[tool]
    fn roll(&self) -> u8 {
        4
    }
}

#[agent(tools = [roll, throw])]
struct Functions;

#[agent(tools = [self.dice, roll])]
struct Member<'a> {
    dice: &'a Dice,
}

#[agent(tools = [roll, self])]
struct Itself;

#[toolkit]
impl Itself {
    /// Rolls a die.
    #[tool]
    fn roll(&self) -> u8 {
        4
    }
}

#[agent(tools = [roll, roll])]
struct Twice;

fn main() {}
