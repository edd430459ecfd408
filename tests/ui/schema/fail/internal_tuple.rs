//! A tuple cannot contain a tag.
use agno::Schema;

#[derive(Schema)]
#[serde(tag = "type")]
enum A {
    Pair(u8, u8),
}

fn main() {}
