use agno::model::ScriptedModel;
use agno::prelude::*;
use agno::tool::Toolset;

/// Finds facts.
#[tool]
fn research() {}

/// Finds facts.
#[agent]
struct Research;

#[agent(tools = [self.tools], agents = [Research])]
struct Desk<T: Toolset> {
    tools: T,
}

fn main() {
    let desk = Desk { tools: research {} }.with(ScriptedModel::new());
    drop(desk.stream("go"));
}
