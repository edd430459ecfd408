use agno::prelude::*;

struct Files;

#[agent]
struct Assistant {
    #[tool]
    files: Files,
    #[toolkit]
    pages: Files,
}

#[agent]
struct Desk {
    #[agent(name = "legal")]
    expert: Files,
}

fn main() {}
