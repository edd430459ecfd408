//! Types without a schema: the error is at the type.
use agno::Schema;

struct Opaque;

#[derive(Schema)]
struct A {
    one: Opaque,
    many: Vec<Opaque>,
}

#[derive(Schema)]
enum B {
    One(Opaque),
    #[serde(rename = "two")]
    Two { a: Option<Opaque> },
}

fn main() {}
