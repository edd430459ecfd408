//! Duplicate keys, in one attribute and in two.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[schema(len = 1..=5, len = 2..)]
    a: String,
    #[schema(range = 1..=5)]
    #[schema(range = 2..=5)]
    b: u8,
}

fn main() {}
