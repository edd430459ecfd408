use agno::prelude::*;

/// Answers.
#[agent]
struct Assistant;

#[derive(Schema, Deserialize)]
struct Trip {
    city: String,
}

/// Plans trips.
#[agent(output = Trip)]
struct Planner<'a> {
    user: &'a str,
}

async fn ask() -> agno::Result<()> {
    let answer = Assistant.run("Hello").await?;
    println!("{}", answer.text());
    let planner = Planner { user: "Ada" };
    let trip = planner.run("Where to?").await?.output;
    println!("{}", trip.city);
    let shared = &planner;
    drop(shared.invoke().max_turns(3).run("Where to?").await?);
    let mut events = planner.stream("Where to?");
    drop(events.next().await);
    Ok(())
}

fn main() {
    drop(ask());
}
