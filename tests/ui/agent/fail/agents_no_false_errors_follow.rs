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

/// Asks a stranger.
#[agent(agents = [self.stranger, Missing, drop])]
struct Branch {
    stranger: Stranger,
}

#[agent(agents = [self.desk, self.branch])]
struct Office {
    desk: Desk,
    /// Is unknown.
    branch: Branch,
}

async fn ask(branch: Branch) -> agno::Result<()> {
    let desk = Desk { planner: Planner };
    let answer = Office { desk, branch }.with(ScriptedModel::new()).run("Hi").await?;
    drop(answer.text());
    Ok(())
}

fn main() {
    let _ = ask;
}
