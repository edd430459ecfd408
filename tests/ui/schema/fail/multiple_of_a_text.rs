use agno::Schema;

#[derive(Schema)]
struct Place {
    #[schema(multiple_of = 5)]
    city: String,
}

fn main() {}
