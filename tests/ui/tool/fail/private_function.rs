use agno::prelude::*;

mod tools {
    use agno::prelude::*;

    /// Adds.
    #[tool]
    fn add(a: u8, b: u8) -> u8 {
        a + b
    }
}

/// Calculates.
#[agent(tools = [tools::add])]
struct Calculator;

fn main() {}
