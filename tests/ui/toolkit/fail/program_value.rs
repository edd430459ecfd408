#![allow(unused_variables)]

use agno::prelude::*;

trait Store {}

struct Db;

struct Pages {
    db: Db,
}

#[toolkit]
impl Pages {
    /// Reads a page.
    #[tool(confirm, ttl = "5m")]
    async fn read(&self, store: &dyn Store, #[serde(default)] key: &str) -> String {
        key.to_owned()
    }
}

fn main() {}
