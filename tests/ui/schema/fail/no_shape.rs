//! Types without a JSON representation.
use agno::Schema;

#[derive(Schema)]
union A {
    a: u8,
    b: i8,
}

#[derive(Schema)]
enum B {}

#[derive(Schema)]
enum C {
    #[serde(skip)]
    One,
}

fn main() {}
