//! Types that cannot be flattened.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[serde(flatten)]
    number: u8,
}

#[derive(Schema)]
struct B {
    #[serde(flatten)]
    unit: Unit,
}

#[derive(Schema)]
enum Unit {
    One,
    Two { a: u8 },
}

fn main() {}
