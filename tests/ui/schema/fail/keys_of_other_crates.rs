use agno::prelude::*;

#[derive(Schema)]
struct Seat {
    #[schema(min = 1, max = 5)]
    row: u8,
    #[schema(desc = "The name of the guest.")]
    guest: String,
    #[schema(optional)]
    hall: u8,
    #[schema(required)]
    price: u8,
    #[schema(length(min = 1))]
    code: String,
    #[schema(choices = ["red", "blue"])]
    color: String,
}

fn main() {}
