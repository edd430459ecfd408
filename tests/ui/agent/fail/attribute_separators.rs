use agno::prelude::*;

#[agent("You are helpful.", max_turns = 3)]
struct TextAlone;

#[agent(instructions: "You are helpful.", max_turns: 3)]
struct Colon;

#[agent(instructions "You are helpful.")]
struct NoSign;

#[agent { instructions = "You are helpful."; max_turns = 3 }]
struct Semicolon;

#[agent(Instructions = "You are helpful.", maxTurns = 3)]
struct OtherCase;

fn main() {}
