//! A path that means something else in the expansion.
use agno::Schema;

#[derive(Schema)]
#[schema(crate = some::agno)]
struct A {
    a: u8,
}

fn main() {}
