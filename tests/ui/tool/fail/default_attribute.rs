#![allow(unused_variables)]

use agno::prelude::*;

/// Reads lines.
#[tool]
fn read(path: &str, #[default(5)] lines: u8, #[arg = 5] from: u8) -> String {
    path.to_owned()
}

fn main() {}
