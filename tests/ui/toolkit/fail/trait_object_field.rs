#![allow(unused_variables)]

use agno::prelude::*;

use std::cell::RefCell;
use std::rc::Rc;

trait Store {}

struct Pages {
    store: Box<dyn Store>,
}

#[toolkit]
impl Pages {
    /// Reads a page.
    #[tool]
    async fn read(&self, key: &str) -> String {
        key.to_owned()
    }
}

struct Notes {
    notes: Rc<RefCell<Vec<String>>>,
}

#[toolkit]
impl Notes {
    /// Adds a note.
    #[tool]
    fn add(&self, note: &str) {
        self.notes.borrow_mut().push(note.to_owned());
    }
}

fn main() {}
