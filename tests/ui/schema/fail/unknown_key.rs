//! Unknown keys, with and without a similar known key.
use agno::Schema;

#[derive(Schema)]
#[schema(desciption = "A.")]
struct A {
    #[schema(rang = 1..=5)]
    a: u8,
    #[schema(colour = "red")]
    b: u8,
}

fn main() {}
