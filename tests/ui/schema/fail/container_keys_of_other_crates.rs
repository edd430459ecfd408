use agno::prelude::*;

#[derive(Schema, Deserialize)]
#[schema(name = "Trip", title = "A trip", rename_all = "camelCase")]
struct Trip {
    #[schema(rename = "from", nullable, minimum = 1)]
    start: u8,
    #[schema(example = Some(5))]
    end: u8,
    #[schema(default = vec![])]
    stops: Vec<u8>,
}

fn main() {}
