use agno::prelude::*;

#[agent(input = Vec<T>)]
struct Generic<T: Send + Sync>(T);

#[agent(input = Query<'a>)]
struct Borrowed<'a>(&'a str);

#[agent(input)]
struct NoType;

#[agent(input = 5)]
struct Number;

fn main() {}
