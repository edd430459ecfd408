//! Names that are equal when serialized.
use agno::Schema;

#[derive(Schema)]
#[serde(rename_all = "camelCase")]
struct A {
    first_name: u8,
    #[serde(rename = "firstName")]
    other: u8,
    #[serde(alias = "other")]
    third: u8,
}

#[derive(Schema)]
#[serde(rename_all = "lowercase")]
enum B {
    One,
    ONE,
}

#[derive(Schema)]
#[serde(tag = "kind")]
enum C {
    One { kind: u8 },
}

fn main() {}
