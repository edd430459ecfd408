//! Empty ranges, and values that are not ranges.
use agno::Schema;

const MOST: u8 = 5;

#[derive(Schema)]
struct A {
    #[schema(range = 5..=1)]
    a: u8,
    #[schema(range = 1..1)]
    b: u8,
    #[schema(range = ..)]
    c: u8,
    #[schema(range = 1..=MOST)]
    d: u8,
    #[schema(len = -1..=5)]
    e: String,
    #[schema(range)]
    f: u8,
    #[schema(range = "1 to 5")]
    g: u8,
    #[schema(multiple_of = 0)]
    h: u8,
}

fn main() {}
