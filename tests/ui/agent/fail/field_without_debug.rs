use agno::prelude::*;

struct Time;

#[agent(instructions = "It is {at:?} in {city}.")]
struct Assistant {
    at: Time,
    city: &'static str,
}

#[agent(instructions = "Channel {0:?}.")]
struct Tuple(Time);

#[agent(instructions = "Code {code:x}.")]
struct Hex {
    code: &'static str,
}

fn main() {}
