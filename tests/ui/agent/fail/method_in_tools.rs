use agno::prelude::*;

struct Files;

#[toolkit]
impl Files {
    /// Reads a file.
    #[tool]
    fn read(&self, path: &str) -> String {
        path.to_owned()
    }
}

#[agent(tools = [Files::read, Self::read])]
struct Assistant;

fn main() {}
