//! What cannot be flattened.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[serde(flatten)]
    number: u8,
    #[serde(flatten)]
    unit_only: Unit,
}

#[derive(Schema)]
enum Unit {
    One,
    Two(u8),
    Three,
}

#[derive(Schema)]
struct B(#[serde(flatten)] u8, u8);

fn main() {}
