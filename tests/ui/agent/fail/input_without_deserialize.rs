use agno::prelude::*;

#[derive(Schema)]
struct Query {
    text: String,
}

#[agent(input = Query)]
struct Finder;

fn main() {}
