use agno::model::ScriptedModel;
use agno::prelude::*;

/// Plans.
#[agent(max_turns = 0)]
struct Planner;

#[agent(agents = [self.planner, self.unknown, Missing])]
struct Desk {
    planner: Planner,
    unknown: Unknown,
}

#[agent(agents = [self.desk])]
struct Office {
    desk: Desk,
}

async fn ask() -> agno::Result<()> {
    let desk = Desk {
        planner: Planner,
        unknown: todo!(),
    };
    let answer = Office { desk }.with(ScriptedModel::new()).run("Hi").await?;
    drop(answer.text());
    Ok(())
}

fn main() {
    drop(ask());
}
