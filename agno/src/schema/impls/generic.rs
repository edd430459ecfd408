//! `Result`, ranges and bounds.

use std::ops::{Bound, Range, RangeFrom, RangeInclusive, RangeTo};

use crate::schema::{EnumValue, Field, HasSchema, Node, Schema, SchemaRef, Tagging, Variant};

/// Externally tagged variants that contain one value each.
macro_rules! tagged_contents {
    ($($unit:ident)? $($name:literal $ty:ident)+) => {
        const {
            &[$(Variant::new("", $unit),)? $(Variant::new(
                $name,
                SchemaRef::new(const {
                    &Node::object(const { &[Field::new($name, <$ty as HasSchema>::OF).required()] }).closed()
                }),
            )),+]
        }
    };
}

impl<T: HasSchema, E: HasSchema> Schema for Result<T, E> {
    const SCHEMA: SchemaRef =
        SchemaRef::new(const { &Node::union(Tagging::External, tagged_contents!("Ok" T "Err" E)) });
}

macro_rules! ranges {
    ($($ty:ident: $($field:literal)+;)+) => {$(
        impl<T: HasSchema> Schema for $ty<T> {
            const SCHEMA: SchemaRef = SchemaRef::new(const {
                &Node::object(const { &[$(Field::new($field, <T as HasSchema>::OF).required()),+] }).closed()
            });
        }
    )+};
}

// serde uses the same field names for `Range` and `RangeInclusive`.
ranges! {
    Range: "start" "end";
    RangeInclusive: "start" "end";
    RangeFrom: "start";
    RangeTo: "end";
}

const UNBOUNDED: SchemaRef = SchemaRef::new(&Node::enumeration(&[EnumValue::new("Unbounded")]));

impl<T: HasSchema> Schema for Bound<T> {
    const SCHEMA: SchemaRef = SchemaRef::new(
        const {
            &Node::union(
                Tagging::External,
                tagged_contents!(UNBOUNDED "Included" T "Excluded" T),
            )
        },
    );
}
