use agno::prelude::*;

/// Finds facts.
#[agent]
struct Researcher;

#[agent(agents = [self.team])]
struct Desk {
    team: Vec<DynAgent>,
}

#[agent(agents = self.team)]
struct Office {
    team: Vec<DynAgent>,
}

fn main() {}
