//! Attributes that exclude each other.
use agno::Schema;

#[derive(Schema)]
#[serde(content = "c")]
enum A {
    One(u8),
}

#[derive(Schema)]
#[serde(untagged, tag = "t")]
enum B {
    One(u8),
}

#[derive(Schema)]
#[serde(untagged)]
struct C {
    a: u8,
}

#[derive(Schema)]
#[serde(transparent)]
struct D {
    a: u8,
    b: u8,
}

#[derive(Schema)]
#[serde(deny_unknown_fields)]
struct E {
    #[serde(flatten)]
    a: std::collections::HashMap<String, u8>,
}

fn main() {}
