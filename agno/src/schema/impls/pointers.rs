//! Pointers and wrappers, which have the schema of their contents, and `Option`, which also accepts `null`.

use std::borrow::Cow;
use std::{cell, num, rc, sync};

use crate::schema::{Node, Schema, SchemaRef};

macro_rules! transparent {
    ($([$($generics:tt)*] $ty:ty => $inner:ty;)+) => {$(
        impl<$($generics)*> Schema for $ty {
            const SCHEMA: SchemaRef = <$inner as Schema>::SCHEMA;
        }
    )+};
}

transparent! {
    [T: Schema + ?Sized] &T => T;
    [T: Schema + ?Sized] &mut T => T;
    [T: Schema + ?Sized] Box<T> => T;
    [T: Schema + ?Sized] rc::Rc<T> => T;
    [T: Schema + ?Sized] sync::Arc<T> => T;
    [T: Schema + ?Sized + ToOwned] Cow<'_, T> => T;
    [T: Schema] cell::Cell<T> => T;
    [T: Schema] cell::RefCell<T> => T;
    [T: Schema] sync::Mutex<T> => T;
    [T: Schema] sync::RwLock<T> => T;
    [T: Schema] num::Wrapping<T> => T;
    [T: Schema] num::Saturating<T> => T;
    [T: Schema] std::cmp::Reverse<T> => T;
}

impl<T: Schema> Schema for Option<T> {
    const SCHEMA: SchemaRef = SchemaRef::new(const { &Node::nullable(<T as Schema>::SCHEMA) });
}
