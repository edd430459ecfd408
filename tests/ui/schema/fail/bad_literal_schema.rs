//! Literal schemas that are not JSON objects.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[schema(with = "string")]
    a: String,
    #[schema(with = r#"{"type": "string",}"#)]
    b: String,
    #[schema(with = r#"{"type": "string"}"#, len = 1..=5)]
    c: String,
    #[schema(with = 5)]
    d: String,
}

fn main() {}
