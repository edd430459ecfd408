use agno::prelude::*;

struct Trip;

#[agent(output = Trip, schemars)]
struct Planner;

fn main() {
    let _ = Planner.agent();
}
