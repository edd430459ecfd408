//! The key `inline` belongs on the type.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[schema(inline)]
    b: B,
}

#[derive(Schema)]
enum B {
    #[schema(inline)]
    One,
}

#[derive(Schema)]
#[schema(inline = true)]
struct C {
    c: u8,
}

fn main() {}
