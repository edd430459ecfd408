use agno::prelude::*;

#[agent]
struct Assistant;

fn main() {
    let _ = Assistant.with("openai:gpt-5-mini");
}
