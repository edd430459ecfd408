use agno::prelude::*;

struct Memory;

#[agent(context = [
    self,
    self.team.memory,
    self.memry,
    self.memory(),
    &self.memory,
    Memory self.memory,
    self.other(name = "memory"),
])]
struct Desk {
    memory: Memory,
    other: Memory,
}

#[agent(context = [self.memory, Memory])]
struct Twice {
    memory: Memory,
}

#[agent(context = [self.0])]
struct Tuple(Memory);

#[agent(context = [])]
struct Empty;

#[agent(context = Memory)]
struct NoList;

fn main() {}
