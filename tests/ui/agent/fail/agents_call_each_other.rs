use agno::prelude::*;

/// Is first.
#[agent(agents = [Second])]
struct First;

/// Is second.
#[agent(agents = [First])]
struct Second;

fn main() {}
