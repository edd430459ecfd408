//! Patterns that are not regular expressions.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[schema(pattern = "[a-")]
    a: String,
    #[schema(pattern = "^(?=a)b$")]
    b: String,
    #[schema(pattern = 5)]
    c: String,
}

fn main() {}
