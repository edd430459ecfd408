use agno::prelude::*;

#[agent(model = OpenAi::new("gpt-5-mini"))]
struct Created;

#[agent(model = self.model)]
struct Stored {
    model: u8,
}

#[agent(model(id = "gpt-5-mini"))]
struct Options;

fn main() {}
