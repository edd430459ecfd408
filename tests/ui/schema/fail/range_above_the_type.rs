use agno::Schema;

#[derive(Schema)]
struct Place {
    #[schema(range = 300..)]
    floor: u8,
}

fn main() {}
