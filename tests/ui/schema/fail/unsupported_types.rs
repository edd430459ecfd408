use agno::prelude::*;

use std::time::Instant;

#[derive(Schema)]
struct Trip {
    at: Instant,
    callback: Box<dyn Fn(u8)>,
    pointer: *const u8,
    function: fn(u8) -> u8,
}

fn main() {}
