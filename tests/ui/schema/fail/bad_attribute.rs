//! Attributes that are not lists of keys.
use agno::Schema;

#[derive(Schema)]
#[schema]
struct A {
    #[schema = "a"]
    a: u8,
    #[schema("b")]
    b: u8,
    #[schema(len 5)]
    c: String,
    #[schema(deprecated = true, unique(yes))]
    d: Vec<u8>,
    #[schema(description)]
    e: u8,
}

fn main() {}
