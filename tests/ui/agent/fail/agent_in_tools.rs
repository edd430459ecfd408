use agno::prelude::*;

/// Finds facts.
#[agent]
struct Researcher;

#[agent(tools = [self.researcher])]
struct Desk {
    researcher: Researcher,
}

#[agent(tools = [Researcher])]
struct Office;

fn main() {}
