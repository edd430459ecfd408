use agno::prelude::*;

#[agent(tools = [weather(), "weather", |city| city, self.files()])]
struct Assistant;

fn main() {}
