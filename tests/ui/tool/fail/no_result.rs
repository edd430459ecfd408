#![allow(unused_variables)]

use agno::prelude::*;

/// Stops.
#[tool]
fn stop(reason: &str) -> ! {
    panic!("{reason}")
}

fn main() {}
