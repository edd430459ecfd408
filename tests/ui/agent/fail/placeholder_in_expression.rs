use agno::prelude::*;

#[agent(instructions = concat!("Help {user}.", " Answer in {language}."))]
struct Concatenated {
    user: &'static str,
    language: &'static str,
}

#[agent(instructions = "Help {user}.".to_string())]
struct Converted {
    user: &'static str,
}


fn main() {}
