use agno::prelude::*;

struct Calculator;

#[tool]
impl Calculator {
    /// Adds.
    fn add(&self, a: u8, b: u8) -> u8 {
        a + b
    }
}

fn main() {}
