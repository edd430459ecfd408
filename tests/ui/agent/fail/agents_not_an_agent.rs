use agno::model::ScriptedModel;
use agno::prelude::*;

/// Finds facts.
#[agent]
struct Researcher;

struct Files;

#[agent(agents = [self.researcher, self.count, Files])]
struct Desk {
    researcher: Researcher,
    count: u32,
}

fn main() {
    let desk = Desk {
        researcher: Researcher,
        count: 1,
    };
    let _ = desk.with(ScriptedModel::new());
}
