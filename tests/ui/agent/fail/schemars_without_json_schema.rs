use agno::prelude::*;

#[derive(Deserialize)]
struct Trip;

#[derive(schemars::JsonSchema)]
struct Hotel;

#[agent(output = Trip, schemars)]
struct Planner;

#[agent(output = Hotel, schemars)]
struct Clerk;

fn main() {}
