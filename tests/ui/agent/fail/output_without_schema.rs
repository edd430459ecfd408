use agno::prelude::*;

#[derive(Deserialize)]
struct Trip;

#[agent(output = Trip)]
struct Planner;

fn main() {}
