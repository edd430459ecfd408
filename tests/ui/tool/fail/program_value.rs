#![allow(unused_variables)]

use agno::prelude::*;

use std::sync::{Arc, Mutex};

struct Db;

trait Store {}

struct State<T>(T);

/// Reads a page.
#[tool]
async fn from_state(State(db): State<Arc<Db>>, key: &str) -> String {
    key.to_owned()
}

/// Reads a page.
#[tool]
async fn from_mutable(db: &mut Db, key: &str) -> String {
    key.to_owned()
}

/// Reads a page.
#[tool]
async fn from_object(store: Arc<dyn Store>, key: &str) -> String {
    key.to_owned()
}

/// Reads a page.
#[tool]
async fn from_borrowed_object(store: &dyn Store, key: &str) -> String {
    key.to_owned()
}

/// Reads a page.
#[tool]
async fn from_boxed_object(store: Mutex<Box<dyn Store + Send>>, key: &str) -> String {
    key.to_owned()
}

fn main() {}
