#![allow(unused_variables)]

use agno::prelude::*;

use std::ffi::OsStr;

/// Reads a file.
#[tool]
fn read(path: &std::path::Path, mode: &OsStr) -> String {
    String::new()
}

struct Files;

#[toolkit]
impl Files {
    /// Removes a file.
    #[tool]
    async fn remove(&self, path: &std::path::Path) {}
}

/// References to values with a size, and a user-defined `Path`, are valid.
mod valid {
    use agno::prelude::*;

    #[derive(Schema, Deserialize)]
    struct Path {
        steps: Vec<String>,
    }

    /// Walks.
    #[tool]
    fn walk(path: &Path, file: &std::path::PathBuf, bytes: &[u8], count: &u8) -> usize {
        path.steps.len()
    }
}

fn main() {}
