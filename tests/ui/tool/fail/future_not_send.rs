use agno::prelude::*;

use std::rc::Rc;

/// Counts.
#[tool]
async fn count() -> usize {
    let words = Rc::new(5);
    std::future::ready(()).await;
    *words
}

fn main() {}
