#![allow(unused_variables)]

use agno::prelude::*;

struct Counter {
    count: u8,
}

#[toolkit]
impl Counter {
    /// Creates a counter.
    #[tool]
    fn new() -> Self {
        Self { count: 0 }
    }

    /// Counts.
    #[tool]
    async fn count(&self, other: &Counter) -> u8 {
        self.count
    }
}

fn main() {}
