use agno::prelude::*;

struct Language;

#[agent(instructions = "Answer in {language}.")]
struct Assistant {
    language: Language,
}

fn main() {}
