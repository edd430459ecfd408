//! User-defined functions with an unknown format.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[serde(with = "hex")]
    a: Vec<u8>,
    #[serde(deserialize_with = "read")]
    b: u8,
    #[serde(serialize_with = "write")]
    c: u8,
}

#[derive(Schema)]
#[serde(from = "String", into = "String")]
struct B {
    b: u8,
}

#[derive(Schema)]
#[serde(try_from = "u8")]
enum C {
    #[serde(untagged)]
    One(u8),
}

fn main() {}
