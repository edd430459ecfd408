use agno::prelude::*;

#[derive(Deserialize)]
struct Query {
    text: String,
}

#[agent(input = Query)]
struct Finder;

fn main() {}
