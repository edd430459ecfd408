use agno::prelude::*;

struct Files {
    root: String,
}

#[toolkit]
impl Files {
    /// Reads a file.
    #[tool]
    fn read(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }
}

#[agent(tools = [Files])]
struct Assistant;

fn main() {}
