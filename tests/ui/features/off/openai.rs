use agno::prelude::*;

#[agent(instructions = "Be kind.", model = "openai:gpt-5-mini")]
struct Assistant;

#[agent(model = "groq:llama-3.3-70b-versatile")]
struct Compatible;

fn main() {
    let _ = Assistant.agent();
}
