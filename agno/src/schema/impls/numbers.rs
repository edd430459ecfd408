//! Numbers, each with the bounds of its type.

use std::num;

use super::schema;
use crate::schema::{Limit, Node, Schema, SchemaRef, Tagging, Variant};

macro_rules! integers {
    ($($ty:ident $nonzero:ident $min:expr;)+) => {$(
        schema! { $ty => Node::integer(Some($ty::MIN as i128), Some($ty::MAX as i128)); }

        impl Schema for num::$nonzero {
            const SCHEMA: SchemaRef = $min;
        }
    )+};
}

/// The schema of positive integers.
macro_rules! positive {
    ($ty:ident) => {
        SchemaRef::new(&Node::integer(Some(1), Some($ty::MAX as i128)))
    };
}

/// The schema of integers other than zero.
macro_rules! split {
    ($ty:ident) => {
        SchemaRef::new(&Node::union(
            Tagging::Untagged,
            &[
                Variant::new(
                    "",
                    SchemaRef::new(&Node::integer(Some(1), Some($ty::MAX as i128))),
                ),
                Variant::new(
                    "",
                    SchemaRef::new(&Node::integer(Some($ty::MIN as i128), Some(-1))),
                ),
            ],
        ))
    };
}

integers! {
    u8 NonZeroU8 positive!(u8);
    u16 NonZeroU16 positive!(u16);
    u32 NonZeroU32 positive!(u32);
    u64 NonZeroU64 positive!(u64);
    usize NonZeroUsize positive!(usize);
    i8 NonZeroI8 split!(i8);
    i16 NonZeroI16 split!(i16);
    i32 NonZeroI32 split!(i32);
    i64 NonZeroI64 split!(i64);
    isize NonZeroIsize split!(isize);
    i128 NonZeroI128 split!(i128);
}

schema! {
    // The largest `u128` exceeds the bounds of a node, so there is no maximum.
    u128 => Node::integer(Some(0), None);
    num::NonZeroU128 => Node::integer(Some(1), None);
    f32 => Node::number();
    f64 => Node::number();
}

const _: () = {
    // A range narrower than the type's own range is a constraint; the type's own range is not.
    assert!(!<i64 as Schema>::SCHEMA.is_constrained());
    const DIE: SchemaRef = SchemaRef::new(&Node::integer(Some(0), Some(255)).at_least(Limit::Int(1)));
    assert!(DIE.is_constrained());
};
