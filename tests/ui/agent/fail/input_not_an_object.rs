use agno::prelude::*;

#[agent(input = Vec<String>)]
struct Words;

#[derive(Schema, Deserialize)]
enum Mood {
    Glad,
    Sad,
}

#[agent(input = Mood)]
struct Feeler;

fn main() {}
