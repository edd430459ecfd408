use agno::Schema;

#[derive(Schema)]
struct Place {
    #[schema(format = "email")]
    floor: u8,
}

fn main() {}
