//! Flattened fields without a name, and rules on flattened fields.
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
