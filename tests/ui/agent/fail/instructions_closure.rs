use agno::prelude::*;

#[agent(instructions = |this| format!("Answer in {}.", this.language))]
struct Assistant {
    language: &'static str,
}

fn main() {}
