use agno::prelude::*;

#[agent(tools = [self])]
struct Assistant;

fn main() {
    let _ = Assistant.agent();
}
