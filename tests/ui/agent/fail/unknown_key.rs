use agno::prelude::*;

#[agent(instuctions = "Answer.", temperature = 0.5)]
struct Assistant;

fn main() {}
