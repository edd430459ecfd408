use agno::prelude::*;

#[derive(Schema)]
struct Seat {
    #[schemars(range(min = 1, max = 5))]
    row: u8,
}

fn main() {}
