//! Lists, sets and maps.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use crate::schema::{HasSchema, Node, Schema, SchemaRef};

// One invocation per type, because the compiler prints the invocation for a list of a type without a schema.
macro_rules! list {
    ($new:ident $ty:ty $(, $other:ident)?) => {
        impl<T: HasSchema $(, $other)?> Schema for $ty {
            const SCHEMA: SchemaRef = SchemaRef::new(const { &Node::$new(<T as HasSchema>::OF) });
        }
    };
}

list!(array[T]);
list!(array Vec<T>);
list!(array VecDeque<T>);
list!(array LinkedList<T>);
list!(array BinaryHeap<T>);
list!(set BTreeSet<T>);
list!(set HashSet<T, S>, S);

impl<T: HasSchema, const N: usize> Schema for [T; N] {
    const SCHEMA: SchemaRef = SchemaRef::new(const { &Node::fixed_array(<T as HasSchema>::OF, N) });
}

impl<K: HasSchema, V: HasSchema, S> Schema for HashMap<K, V, S> {
    const SCHEMA: SchemaRef =
        SchemaRef::new(const { &Node::map(<K as HasSchema>::OF, <V as HasSchema>::OF) });
}

impl<K: HasSchema, V: HasSchema> Schema for BTreeMap<K, V> {
    const SCHEMA: SchemaRef =
        SchemaRef::new(const { &Node::map(<K as HasSchema>::OF, <V as HasSchema>::OF) });
}
