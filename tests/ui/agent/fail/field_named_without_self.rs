use agno::prelude::*;

#[derive(Clone)]
struct Files;

/// Reads files.
#[toolkit]
impl Files {
    /// Reads a file.
    #[tool]
    fn read(&self, path: &str) -> String {
        path.to_owned()
    }
}

#[agent(tools = [files])]
struct Assistant {
    files: Files,
}

#[agent(tools = [files])]
struct Borrowing<'a> {
    files: &'a Files,
}

fn main() {}
