use agno::prelude::*;

#[derive(Schema, Deserialize)]
struct Seat {
    #[serde(default)]
    #[schema(default = 300)]
    row: u8,
    #[serde(default)]
    #[schema(default = "three")]
    hall: Option<u8>,
    #[serde(default)]
    #[schema(default = 1)]
    name: String,
}

fn main() {}
