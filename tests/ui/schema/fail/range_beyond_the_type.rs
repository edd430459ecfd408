//! Ranges outside the range of the type.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[schema(range = 0..=300)]
    high: u8,
}

#[derive(Schema)]
struct B {
    #[schema(range = -1..)]
    low: u8,
}

#[derive(Schema)]
struct C {
    #[schema(range = 0.5..=1.5)]
    parts: i32,
}

fn main() {}
