use agno::prelude::*;

#[agent(instructions = format!("Help {user}."))]
struct Formatted {
    user: &'static str,
}

fn main() {}
