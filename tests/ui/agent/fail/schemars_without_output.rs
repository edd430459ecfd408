use agno::prelude::*;

#[agent(schemars)]
struct Talker;

#[agent(output = Vec<u8>, schemars = true)]
struct Lister;

fn main() {}
