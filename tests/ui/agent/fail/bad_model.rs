use agno::prelude::*;

#[agent(model = "opnai:gpt-5-mini")]
struct Misspelt;

#[agent(model = "skynet:t800")]
struct Unknown;

#[agent(model = "gpt-5-mini")]
struct NoProvider;

#[agent(model = "openai:")]
struct NoModel;

#[agent(model = gpt)]
struct NoText;

fn main() {}
