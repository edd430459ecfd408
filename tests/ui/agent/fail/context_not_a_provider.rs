use agno::model::ScriptedModel;
use agno::prelude::*;

struct Memory;

#[agent(context = [self.memory, Memory(name = "other"), self.borrowed, self.generic])]
struct Desk<'a, T: Send + Sync> {
    memory: u32,
    borrowed: &'a Memory,
    generic: T,
}

#[agent(context = [self.unknown, Missing])]
struct Typo {
    unknown: Unknown,
}

fn main() {
    let desk = Desk {
        memory: 1,
        borrowed: &Memory,
        generic: 2,
    };
    let _ = desk.with(ScriptedModel::new());
}
