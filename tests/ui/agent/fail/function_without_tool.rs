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

#[agent(tools = [roll, weather])]
struct Assistant;

#[agent(tools = [times::now])]
struct Clock;

fn main() {
    fn local() -> u8 {
        4
    }

    #[agent(tools = [local])]
    struct Local;

    drop((Assistant.agent(), Clock.agent(), Local.agent()));
}
