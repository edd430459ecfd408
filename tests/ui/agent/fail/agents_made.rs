use agno::prelude::*;

#[agent(agents = [Researcher::new(), Arc::new(Researcher), &self.researcher, "researcher"])]
struct Desk {
    researcher: Researcher,
}

/// Finds facts.
#[agent]
struct Researcher;

fn main() {}
