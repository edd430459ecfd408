use agno::Schema;

#[derive(Schema)]
#[serde(tag = "kind", deny_unknown_fields)]
struct Place {
    city: String,
}

fn main() {}
