//! Rules that do not apply to the type.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[schema(range = 1..=5)]
    text: String,
}

#[derive(Schema)]
struct B {
    #[schema(len = 1..=5)]
    number: Option<u8>,
}

#[derive(Schema)]
struct C {
    #[schema(pattern = "^a$")]
    list: Vec<String>,
}

#[derive(Schema)]
struct D {
    #[schema(len = 1..=5)]
    array: [u8; 3],
}

#[derive(Schema)]
struct E {
    #[schema(unique)]
    flag: bool,
}

fn main() {}
