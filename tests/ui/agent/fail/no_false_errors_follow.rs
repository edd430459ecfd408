use agno::prelude::*;

#[derive(Schema, Deserialize)]
struct Trip {
    city: String,
}

/// Plans.
#[agent(output = Trip, instructions = "{who}", tools = [])]
struct Planner<'a, T: Clone>
where
    T: Send + Sync,
{
    whom: &'a T,
}

async fn plan() -> agno::Result<()> {
    let agent = Planner { whom: &5 }.agent()?;
    let answer = agent.run("Where to?").await?;
    drop(answer.output.city);
    Ok(())
}

fn main() {
    drop(plan());
}
