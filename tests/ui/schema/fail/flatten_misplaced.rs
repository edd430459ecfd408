//! Flattening where there is no name to take away, or rules with nothing to hold.
use agno::Schema;

#[derive(Schema)]
struct A(#[serde(flatten)] u8, u8);

#[derive(Schema)]
struct B {
    #[serde(flatten)]
    #[schema(range = 1..=5)]
    b: std::collections::HashMap<String, u8>,
}

fn main() {}
