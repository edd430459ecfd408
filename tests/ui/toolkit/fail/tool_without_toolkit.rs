use agno::prelude::*;

struct Counter {
    count: u8,
}

impl Counter {
    /// Counts.
    #[tool]
    fn count(&self) -> u8 {
        self.count
    }
}

fn main() {}
