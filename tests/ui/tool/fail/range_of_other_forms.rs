#![allow(unused_variables)]

use agno::prelude::*;

const MAX: u8 = 8;

/// Books seats.
#[tool]
fn book(
    #[arg(range = (1, 5))] seats: u8,
    #[arg(range = "1..=5")] row: u8,
    #[arg(range = 1..=MAX)] hall: u8,
    #[arg(len = "1..3")] code: &str,
    #[arg(format = email)] email: &str,
) -> u8 {
    seats
}

fn main() {}
