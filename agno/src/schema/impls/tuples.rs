//! Tuples of one to twelve elements.

use crate::schema::{HasSchema, Node, Schema, SchemaRef};

macro_rules! tuples {
    ($(($($name:ident)+))+) => {$(
        impl<$($name: Schema),+> Schema for ($($name,)+) {
            const SCHEMA: SchemaRef =
                SchemaRef::new(const { &Node::tuple(const { &[$(<$name as HasSchema>::OF),+] }) });
        }
    )+};
}

tuples! {
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
    (A B C D E F G H I)
    (A B C D E F G H I J)
    (A B C D E F G H I J K)
    (A B C D E F G H I J K L)
}
