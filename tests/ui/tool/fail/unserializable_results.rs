#![allow(unused_variables)]

use agno::prelude::*;

/// Lists the lines.
#[tool]
fn lines(path: &str) -> impl Iterator<Item = String> {
    std::iter::once(path.to_owned())
}

/// Opens a file.
#[tool]
fn open(path: &str) -> Option<std::fs::File> {
    None
}

fn main() {}
