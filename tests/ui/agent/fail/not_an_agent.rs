use agno::prelude::*;

struct Assistant;

fn name<D: Declared>(_agent: D) -> &'static str {
    D::INFO.name
}

fn main() {
    name(Assistant);
}
