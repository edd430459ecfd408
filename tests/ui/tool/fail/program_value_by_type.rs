#![allow(unused_variables)]

use agno::prelude::*;

use std::sync::Arc;

struct Db;

/// Reads a page.
#[tool]
async fn read(db: &Db, key: &str) -> String {
    key.to_owned()
}

/// Writes a page.
#[tool]
async fn write(db: Arc<Db>, key: &str) -> String {
    key.to_owned()
}

fn main() {}
