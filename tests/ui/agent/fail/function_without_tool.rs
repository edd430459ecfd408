use agno::prelude::*;

fn weather() -> u8 {
    4
}

mod times {
    pub async fn now(city: &str) -> String {
        city.to_owned()
    }
}

#[tool]
/// Rolls a die.
fn roll() -> u8 {
    4
}

#[agent(tools = [roll, self::weather])]
struct Assistant;

#[agent(tools = [crate::times::now])]
struct Clock;

fn main() {
    drop((Assistant.agent(), Clock.agent()));
}
