use agno::prelude::*;

#[agent(instructions = ["Answer briefly.", "Answer in French."])]
struct Array;

#[agent(instructions = vec!["Answer briefly.", "Answer in French."])]
struct List;

#[agent(instructions("Answer briefly."))]
struct Parentheses;

fn main() {}
