use agno::prelude::*;

#[agent(agents = [self.store])]
struct Desk<S: Send + Sync> {
    store: S,
}

fn main() {}
