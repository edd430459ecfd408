//! Types that contain other types or themselves: generic, borrowing and recursive types.

use std::borrow::Cow;

use agno::Schema;
use serde::{Deserialize, Serialize};

use super::structs::Place;

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    next: Option<u32>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Pages {
    places: Page<Place>,
    more_places: Page<Place>,
    numbers: Page<u8>,
    more_numbers: Page<u8>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Grid<const N: usize>
where
    [u8; N]: Serialize + for<'a> Deserialize<'a>,
{
    cells: [u8; N],
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Borrowed<'a> {
    name: Cow<'a, str>,
    list: Vec<Cow<'a, str>>,
}

/// A tree.
#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Tree {
    value: u8,
    /// Child nodes.
    children: Vec<Tree>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Chain {
    /// The next link.
    next: Option<Box<Self>>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Folder {
    name: String,
    entries: Vec<Entry>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) enum Entry {
    Folder(Folder),
    File { name: String },
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub(crate) enum Expression {
    Number {
        value: i32,
    },
    Add {
        left: Box<Expression>,
        right: Box<Expression>,
    },
    Not(Box<Not>),
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Not {
    of: Expression,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Branch<T> {
    value: T,
    /// Further branches.
    branches: Vec<Branch<T>>,
    parent: Option<Box<Self>>,
}

#[derive(Schema, Serialize, Deserialize)]
pub(crate) struct Nest(Vec<Nest>);

#[derive(Schema, Serialize, Deserialize)]
#[serde(bound = "T: Serialize + for<'a> Deserialize<'a>")]
pub(crate) struct Bounded<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    value: T,
}
