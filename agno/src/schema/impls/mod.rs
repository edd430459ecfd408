//! Schemas of common standard library types and, behind features, of types from other crates. Each schema matches the
//! type's serde implementation.

#[cfg(feature = "chrono")]
mod chrono;
mod collections;
mod generic;
mod json;
mod numbers;
mod pointers;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
mod std_time;
mod strings;
#[cfg(feature = "time")]
mod time;
mod tuples;
#[cfg(feature = "url")]
mod url;
#[cfg(feature = "uuid")]
mod uuid;

use super::{Node, Schema, SchemaRef};

/// Implements `Schema` for non-generic types, each with one node.
macro_rules! schema {
    ($($ty:ty => $node:expr;)+) => {$(
        impl Schema for $ty {
            const SCHEMA: SchemaRef = SchemaRef::new(&$node);
        }
    )+};
}
use schema;

/// Parts of the patterns for dates and times.
#[cfg(any(feature = "chrono", feature = "time"))]
macro_rules! clock {
    (date) => {
        "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    };
    (minutes) => {
        "([01][0-9]|2[0-3]):[0-5][0-9]"
    };
}
#[cfg(any(feature = "chrono", feature = "time"))]
use clock;

schema! {
    bool => Node::boolean();
    () => Node::null();
}

impl<T: ?Sized> Schema for std::marker::PhantomData<T> {
    const SCHEMA: SchemaRef = SchemaRef::new(&Node::null());
}
