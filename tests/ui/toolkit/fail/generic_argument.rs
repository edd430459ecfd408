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

struct Table<const N: usize>;

#[toolkit]
impl<const N: usize> Table<N> {
    /// Adds a row.
    #[tool]
    fn add(&self, row: [u8; N]) -> usize {
        row.len()
    }
}

fn main() {}
