//! A path with a different meaning in the expansion.
use agno::Schema;

#[derive(Schema)]
#[schema(crate = some::agno)]
struct A {
    a: u8,
}

fn main() {}
