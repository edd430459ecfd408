use agno::prelude::*;

use std::cell::Cell;

#[agent]
struct Assistant {
    count: Cell<u8>,
}

#[agent]
struct Generic<T>(T);

fn main() {}
