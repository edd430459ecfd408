//! Keys on the wrong item.
use agno::Schema;

#[derive(Schema)]
#[schema(range = 1..=5)]
struct A {
    #[schema(crate = agno)]
    a: u8,
}

#[derive(Schema)]
enum B {
    #[schema(example = "one")]
    One,
    #[serde(deny_unknown_fields)]
    Two,
}

fn main() {}
