use agno::prelude::*;

#[toolkit]
struct Calculator {
    base: u8,
}

fn main() {}
