use agno::prelude::*;

#[agent(instructions = "Answer in {}, {language.len()} or {language:width$}; } or {.")]
struct Assistant {
    language: &'static str,
}

fn main() {}
