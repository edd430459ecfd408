use agno::prelude::*;

#[agent(model = "gpt-4o")]
struct OpenAi1;

#[agent(model = "claude-sonnet-4-5")]
struct Anthropic1;

#[agent(model = "openai/gpt-4o")]
struct Slash;

#[agent(model = "meta-llama/Llama-3")]
struct Repository;

#[agent(model = "openai")]
struct ProviderAlone;

#[agent(model = "google:gemini-2.5-pro")]
struct Alias;

#[agent(model = "OpenAI:gpt-4o")]
struct Capitals;

fn main() {}
