use agno::Schema;

#[derive(Schema)]
#[schema(description = "")]
struct Place {
    #[schema(description = " ")]
    floor: u8,
}

fn main() {}
