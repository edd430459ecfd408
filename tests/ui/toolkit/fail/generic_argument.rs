use agno::prelude::*;

struct Store<T>(T);

#[toolkit]
impl<T: Schema + Send + Sync> Store<T> {
    /// Puts something in.
    #[tool]
    fn put(&self, thing: Vec<T>, other: Option<Box<Self>>) -> u8 {
        drop((thing, other));
        4
    }
}

fn main() {}
