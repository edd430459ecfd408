//! Lists, sets and maps.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use crate::schema::{Node, Schema, SchemaRef};

macro_rules! lists {
    ($($new:ident [$($generics:tt)*] $ty:ty;)+) => {$(
        impl<T: Schema, $($generics)*> Schema for $ty {
            const SCHEMA: SchemaRef = SchemaRef::new(const { &Node::$new(<T as Schema>::SCHEMA) });
        }
    )+};
}

lists! {
    array [] [T];
    array [] Vec<T>;
    array [] VecDeque<T>;
    array [] LinkedList<T>;
    array [] BinaryHeap<T>;
    set [] BTreeSet<T>;
    set [S] HashSet<T, S>;
}

impl<T: Schema, const N: usize> Schema for [T; N] {
    const SCHEMA: SchemaRef = SchemaRef::new(const { &Node::fixed_array(<T as Schema>::SCHEMA, N) });
}

impl<K: Schema, V: Schema, S> Schema for HashMap<K, V, S> {
    const SCHEMA: SchemaRef =
        SchemaRef::new(const { &Node::map(<K as Schema>::SCHEMA, <V as Schema>::SCHEMA) });
}

impl<K: Schema, V: Schema> Schema for BTreeMap<K, V> {
    const SCHEMA: SchemaRef =
        SchemaRef::new(const { &Node::map(<K as Schema>::SCHEMA, <V as Schema>::SCHEMA) });
}
