use agno::prelude::*;

/// Reads.
#[tool(name = "read" timeout = "5s")]
fn read(path: &str) -> String {
    path.to_owned()
}

/// Reads.
#[tool(name: "read")]
fn look(path: &str) -> String {
    path.to_owned()
}

/// Reads.
#[tool(timeout("5s"), read_only())]
fn view(path: &str) -> String {
    path.to_owned()
}

fn main() {}
