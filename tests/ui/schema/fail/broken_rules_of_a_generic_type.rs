use agno::prelude::*;

#[derive(Schema, Deserialize)]
struct Seat<T> {
    #[schema(range = -5..=300)]
    row: u8,
    #[schema(len = 1..=3)]
    hall: u8,
    #[schema(example = 300)]
    door: u8,
    guest: T,
}

/// Books.
#[tool]
fn book(seat: Seat<u8>) -> u8 {
    seat.row
}

/// Cancels.
#[tool]
fn cancel(seat: Seat<String>) -> u8 {
    seat.row
}

fn main() {}
