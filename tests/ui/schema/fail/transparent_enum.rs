use agno::Schema;

#[derive(Schema)]
#[serde(transparent)]
enum Unit {
    Celsius(u8),
}

fn main() {}
