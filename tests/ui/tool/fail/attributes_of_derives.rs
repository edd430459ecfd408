#![allow(unused_variables)]

use agno::prelude::*;

/// Books seats.
#[tool]
fn book(
    #[serde(default)] seats: u8,
    #[schema(range = 1..=8)] row: u8,
    #[schemars(description = "The name of the guest.")] guest: &str,
    #[validate(range(min = 1))] hall: u8,
) -> u8 {
    seats
}

fn main() {}
