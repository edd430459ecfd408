use agno::prelude::*;

#[agent]
struct Researcher;

#[agent(agents = [self.researcher, self.erased, Researcher(name = "other", description = "Finds facts.")])]
struct Desk<'a> {
    researcher: &'a Researcher,
    erased: agno::DynAgent,
}

fn main() {}
