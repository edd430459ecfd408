use agno::prelude::*;

#[agent(tools = [self.weather])]
struct Assistant {
    language: &'static str,
}

#[agent(tools = [self.1])]
struct Tuple(u8);

fn main() {}
