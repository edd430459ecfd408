use agno::prelude::*;

mod dice {
    use agno::prelude::*;

    /// Rolls a die.
    #[tool]
    fn roll() -> u8 {
        4
    }
}

#[agent(tools = [dice::roll])]
struct Assistant;

fn main() {}
