#![allow(unused_variables)]

use agno::prelude::*;

struct Deps;

/// Reads a page.
#[tool]
async fn read(run: &RunContext<Deps>, key: &str) -> String {
    key.to_owned()
}

fn main() {}
