use agno::prelude::*;

#[agent(max_total_turns = 0)]
struct Zero;

const NONE: u32 = 0;

#[agent(max_total_turns = NONE)]
struct ZeroOfAConstant;

#[agent(max_total_turns = "100")]
struct Text;

#[agent(max_turns = 9, max_total_turns = 8)]
struct Less;

fn main() {}
