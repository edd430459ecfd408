use agno::prelude::*;

#[agent(system_prompt = "Answer.", max_steps = 3, response_model = Trip)]
struct Agno;

#[agent(preamble = "Answer.", temperature = 0.5, max_tokens = 1024)]
struct Rig;

#[agent(role = "Support", memory = true, deps = Database, retries = 3, stream = true)]
struct Python;

#[agent(api_key = "sk-1", timeout = "5s", debug_mode, team = [self.researcher], knowledge = [self.pages])]
struct Team;

fn main() {}
