#![allow(unused_variables)]

use agno::prelude::*;

/// Books seats.
#[tool]
fn book(
    #[arg(min = 1, max = 8)] seats: u8,
    #[arg(desc = "The name of the guest.")] guest: &str,
    #[arg(optional)] row: u8,
    #[arg(required)] hall: u8,
    #[arg(alias = "cost")] price: u8,
    #[arg(skip)] session: u8,
    #[arg(ge = 0)] discount: u8,
    #[arg(choices("red", "blue"))] color: &str,
) -> u8 {
    seats
}

fn main() {}
