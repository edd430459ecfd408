use agno::prelude::*;

#[derive(Schema, Deserialize)]
struct Seat {
    #[schema(range = -5..=300)]
    row: u8,
    #[schema(len = 1..=3)]
    hall: u8,
    #[schema(range = 0..=256)]
    code: u8,
    #[schema(range = 1..=3)]
    name: String,
    #[schema(pattern = "a")]
    colors: Vec<String>,
    #[schema(example = 300)]
    door: u8,
}

/// Books.
#[tool]
fn book(seat: Seat) -> u8 {
    seat.row
}

fn main() {}
