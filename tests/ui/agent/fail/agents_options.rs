use agno::prelude::*;

/// Finds facts.
#[agent]
struct Researcher;

#[agent(agents = [
    self.a(nam = "a"),
    self.b(name = 5),
    self.c(name = "my agent"),
    self.d(name = ""),
    self.e(description = ""),
    self.f(depth = 0),
    self.g(depth = "2"),
    self.h(depth = -1),
    self.i(depth = 2, depth = 3),
    self.j(timeout = "5s"),
    self.größe,
])]
struct Desk {
    a: Researcher,
    b: Researcher,
    c: Researcher,
    d: Researcher,
    e: Researcher,
    f: Researcher,
    g: Researcher,
    h: Researcher,
    i: Researcher,
    j: Researcher,
    größe: Researcher,
}

fn main() {}
