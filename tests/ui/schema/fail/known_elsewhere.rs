//! Keys of other crates and of serde.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[schema(min = 1, max = 5)]
    a: u8,
    #[schema(length = 5)]
    b: String,
    #[schema(rename = "d")]
    c: String,
}

fn main() {}
