use agno::prelude::*;

#[agent]
enum Assistant {
    One,
}

#[agent]
fn assistant() {}

fn main() {}
