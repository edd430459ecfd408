use agno::prelude::*;

#[agent(model = "local:smollm2-135m", max_turns = 3)]
struct Assistant;

fn main() {
    let _ = Assistant.agent();
}
