use agno::prelude::*;

#[tool]
fn roll() -> u8 {
    4
}

//
#[tool]
fn toss() -> bool {
    true
}

fn main() {}
