use agno::prelude::*;

#[derive(Schema)]
struct Place {
    _city: String,
}

/// Goes there.
#[tool]
fn go(place: Place) -> u8 {
    drop(place);
    4
}

fn main() {}
