use agno::prelude::*;

fn weather() -> u8 {
    4
}

struct Files;

#[agent(tools = [weather])]
struct Function;

#[agent(tools = [Files])]
struct Struct;

#[agent(tools = [nowhere::tool])]
struct Nowhere;

fn main() {}
