//! Examples and defaults that break the field's own rules.
use agno::Schema;

#[derive(Schema)]
struct A {
    #[schema(range = 1..=5, example = 6)]
    a: u8,
    #[schema(len = ..=3, example = "long")]
    b: String,
    #[schema(pattern = "^[0-9]+$", examples = ["1", "one"])]
    c: String,
    #[schema(multiple_of = 5, default = 7)]
    #[serde(default)]
    d: u8,
    #[schema(default = 7)]
    e: u8,
    #[schema(example = compute())]
    f: u8,
    #[schema(examples = 5)]
    g: u8,
}

fn main() {}
