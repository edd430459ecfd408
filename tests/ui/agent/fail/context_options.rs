use agno::prelude::*;

const NONE: usize = 0;

struct Memory;

#[agent(context = [
    self.a(max_byte = 5),
    self.b(max_bytes = 0),
    self.c(max_bytes = "8 KiB"),
    self.d(timeout = "2"),
    self.e(timeout = 2),
    self.f(on_error = skp),
    self.g(on_error = "skip"),
    self.h(on_error = retry),
    self.i(each_turn = true),
    self.j(each_turn, each_turn),
    self.k(name = "my memory"),
    self.l(retries = 2),
])]
struct Desk {
    a: Memory,
    b: Memory,
    c: Memory,
    d: Memory,
    e: Memory,
    f: Memory,
    g: Memory,
    h: Memory,
    i: Memory,
    j: Memory,
    k: Memory,
    l: Memory,
}

#[agent(context = [self.memory(max_bytes = NONE)])]
struct Constant {
    memory: provider::Memory,
}

mod provider {
    use agno::context::{ContextError, ContextProvider, ContextQuery, Provided};

    pub struct Memory;

    impl ContextProvider for Memory {
        async fn provide(&self, _: &ContextQuery<'_>) -> Result<Provided, ContextError> {
            Ok(Provided::new("none"))
        }
    }
}

fn main() {}
