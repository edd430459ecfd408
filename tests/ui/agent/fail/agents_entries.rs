use agno::prelude::*;

/// Finds facts.
#[agent]
struct Researcher;

struct Team {
    researcher: Researcher,
}

#[agent(agents = [
    self,
    self.team.researcher,
    self.pair.0,
    self.reseacher,
    self.researcher(),
    &self.researcher,
    Researcher self.researcher,
])]
struct Desk {
    team: Team,
    pair: (Researcher,),
    researcher: Researcher,
}

#[agent(agents = [self.0])]
struct Tuple(Researcher);

#[agent(agents = [self.1(name = "second")])]
struct Other(Researcher);

#[agent(agents = [])]
struct Empty;

#[agent(agents = Researcher)]
struct NoList;

fn main() {}
