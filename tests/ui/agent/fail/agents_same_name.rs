use agno::prelude::*;

/// Finds facts.
#[agent]
struct Researcher;

#[agent(agents = [self.researcher, Researcher, self.other(name = "researcher"), self.other])]
struct Desk {
    researcher: Researcher,
    other: Researcher,
}

fn main() {}
