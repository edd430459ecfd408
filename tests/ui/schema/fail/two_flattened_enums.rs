use agno::Schema;

#[derive(Schema)]
struct Place {
    #[serde(flatten)]
    one: Way,
    #[serde(flatten)]
    other: Way,
}

#[derive(Schema)]
enum Way {
    Foot { far: u8 },
    Car { road: String },
}

fn main() {
    let _ = agno::json_schema!(Place);
}
