use agno::Schema;

#[derive(Schema)]
struct Place {
    #[schema(example = "five")]
    floor: u8,
    #[schema(example = "Elsewhere")]
    kind: Option<Kind>,
    #[schema(example = "here")]
    inner: Option<Box<Place>>,
}

#[derive(Schema)]
enum Kind {
    City,
    Country,
}

fn main() {}
