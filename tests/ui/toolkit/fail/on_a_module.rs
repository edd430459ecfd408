use agno::prelude::*;

#[toolkit]
mod calculator {
    use agno::prelude::*;

    /// Adds.
    #[tool]
    fn add(a: u8, b: u8) -> u8 {
        a + b
    }
}

fn main() {}
