#![allow(unused_variables)]

use agno::prelude::*;

/// Books seats.
#[tool]
fn book(
    #[arg(range = 0..=300)] seats: u8,
    #[arg(len = 1..=3)] row: u8,
    #[arg(range = 1..=3)] code: &str,
    #[arg(example = 300)] hall: u8,
    #[arg(unique)] door: char,
) -> u8 {
    seats
}

/// Books.
#[agent(tools = [book])]
struct Booking;

fn main() {}
