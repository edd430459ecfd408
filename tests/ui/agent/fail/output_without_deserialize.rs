use agno::prelude::*;

#[derive(Schema)]
struct Trip {
    _city: String,
}

#[agent(output = Trip)]
struct Planner;

fn main() {}
