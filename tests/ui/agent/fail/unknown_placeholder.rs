use agno::prelude::*;

#[agent(instructions = "Answer in {langauge}.")]
struct Misspelt {
    language: &'static str,
}

#[agent(instructions = "Answer in {tone}.")]
struct Other {
    language: &'static str,
}

#[agent(instructions = "Answer in {language}.")]
struct Nothing;

#[agent(instructions = "Answer in {1}.")]
struct Tuple(&'static str);

fn main() {}
