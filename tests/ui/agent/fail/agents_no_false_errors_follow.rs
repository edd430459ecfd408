use agno::model::ScriptedModel;
use agno::prelude::*;

/// Plans.
#[agent(max_turns = 0)]
struct Planner;

/// Answers.
#[agent(agents = [self.planner])]
struct Desk {
    planner: Planner,
}

#[agent(agents = [self.desk], tools = [self.desk])]
struct Office {
    desk: Desk,
}

async fn ask() -> agno::Result<()> {
    let desk = Desk { planner: Planner };
    let answer = Office { desk }.with(ScriptedModel::new()).run("Hi").await?;
    drop(answer.text());
    Ok(())
}

fn main() {
    drop(ask());
}
