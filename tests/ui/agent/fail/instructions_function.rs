use agno::prelude::*;

fn prompt() -> String {
    "Answer.".to_owned()
}

#[agent(instructions = prompt)]
struct Function;

#[agent(instructions = Self::prompt)]
struct Method;

impl Method {
    fn prompt(&self) -> String {
        "Answer.".to_owned()
    }
}

#[agent(instructions = self.prompt)]
struct Optional {
    prompt: Option<&'static str>,
}

fn main() {}
