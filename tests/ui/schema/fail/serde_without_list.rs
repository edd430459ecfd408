use agno::Schema;

#[derive(Schema)]
#[serde]
struct Place {
    city: String,
}

fn main() {}
