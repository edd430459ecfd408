use agno::prelude::*;
use agno::tool::Toolset;

/// Rolls a die.
#[tool]
fn roll() -> u8 {
    4
}

#[agent(tools = [roll, self.more])]
struct Player<T: Toolset> {
    more: T,
}

fn main() {
    let _ = Player { more: roll {} }.tools().len();
}
