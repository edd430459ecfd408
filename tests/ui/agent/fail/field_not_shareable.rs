#![allow(dead_code)]

use agno::prelude::*;
use agno::AnyModel;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

trait Store {
    fn page(&self, key: &str) -> String;
}

/// Uses of the agent and its toolkit cause no further errors.
#[agent(tools = [self])]
struct Librarian {
    store: Box<dyn Store>,
    notes: Rc<RefCell<Vec<String>>>,
    count: Option<Arc<RefCell<u32>>>,
}

#[toolkit]
impl Librarian {
    /// Reads a page.
    #[tool]
    async fn read(&self, key: &str) -> String {
        self.store.page(key)
    }
}

async fn ask(librarian: Librarian, model: AnyModel) -> agno::Result<String> {
    let librarian = librarian.with(model);
    Ok(librarian.run("Hello").await?.text().into_owned())
}

struct Connection(RefCell<u8>);

/// The fields have lifetimes, are public, or have a type that does not name its cause.
#[agent]
struct Clerk<'a> {
    store: &'a dyn Store,
    pub count: std::cell::Cell<u8>,
    connection: Connection,
}

/// A trait that requires `Send` and `Sync`, and a user-defined `Cell`, are valid.
mod valid {
    use agno::prelude::*;

    use std::sync::{Arc, Mutex};

    trait Store: Send + Sync {}

    struct Cell<T>(T);

    #[agent]
    struct Clerk<'a> {
        store: Box<dyn Store>,
        shared: &'a dyn Store,
        cell: Cell<u8>,
        locked: Arc<Mutex<std::cell::RefCell<u8>>>,
        next: Option<Box<Clerk<'a>>>,
    }
}

fn main() {}
