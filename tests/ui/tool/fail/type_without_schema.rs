use agno::prelude::*;

#[derive(Deserialize)]
struct Place;

/// Goes there.
#[tool]
fn go(place: Place, others: Vec<Place>) -> u8 {
    drop((place, others));
    4
}

fn main() {}
