//! Schemas of the types that every program has, as serde writes them.

mod collections;
mod foreign;
mod numbers;
mod pointers;
mod texts;
mod tuples;

use super::{Node, Schema, SchemaRef};

/// One node for types without parameters.
macro_rules! schema {
    ($($ty:ty => $node:expr;)+) => {$(
        impl Schema for $ty {
            const SCHEMA: SchemaRef = SchemaRef::new(&$node);
        }
    )+};
}
use schema;

schema! {
    bool => Node::boolean();
    () => Node::null();
    serde_json::Value => Node::any();
    serde_json::value::RawValue => Node::any();
    serde_json::Number => Node::number();
}

impl Schema for serde_json::Map<String, serde_json::Value> {
    const SCHEMA: SchemaRef = SchemaRef::new(&Node::map(
        <String as Schema>::SCHEMA,
        <serde_json::Value as Schema>::SCHEMA,
    ));
}

impl<T: ?Sized> Schema for std::marker::PhantomData<T> {
    const SCHEMA: SchemaRef = SchemaRef::new(&Node::null());
}
