//! Pointers and wrappers, which have the schema of their contents, and `Option`, which also accepts `null`.

use std::borrow::Cow;
use std::{cell, num, rc, sync};

use crate::schema::{HasSchema, Node, Schema, SchemaRef};

macro_rules! transparent {
    ($([$($generics:tt)*] $ty:ty => $inner:ty;)+) => {$(
        impl<$($generics)*> Schema for $ty {
            const SCHEMA: SchemaRef = <$inner as HasSchema>::OF;
        }
    )+};
}

transparent! {
    [T: HasSchema + ?Sized] &T => T;
    [T: HasSchema + ?Sized] &mut T => T;
    [T: HasSchema + ?Sized] Box<T> => T;
    [T: HasSchema + ?Sized] rc::Rc<T> => T;
    [T: HasSchema + ?Sized] sync::Arc<T> => T;
    [T: HasSchema + ?Sized + ToOwned] Cow<'_, T> => T;
    [T: HasSchema] cell::Cell<T> => T;
    [T: HasSchema] cell::RefCell<T> => T;
    [T: HasSchema] sync::Mutex<T> => T;
    [T: HasSchema] sync::RwLock<T> => T;
    [T: HasSchema] num::Wrapping<T> => T;
    [T: HasSchema] num::Saturating<T> => T;
    [T: HasSchema] std::cmp::Reverse<T> => T;
}

impl<T: HasSchema> Schema for Option<T> {
    const SCHEMA: SchemaRef = SchemaRef::new(const { &Node::nullable(<T as HasSchema>::OF) });
}
