use agno::prelude::*;

use std::marker::PhantomData;

#[derive(Schema, Deserialize)]
struct Word<'a>(PhantomData<&'a str>);

/// Counts.
#[tool(blocking)]
fn count(word: Word<'_>) -> usize {
    drop(word);
    0
}

fn main() {}
