use agno::prelude::*;

struct Files;

#[agent(tools = [self.files, self.fiels])]
struct Misspelt {
    files: Files,
}

#[agent(tools = [self.files])]
struct Assistant {
    files: Files,
}

fn main() {}
