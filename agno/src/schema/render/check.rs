//! The rules of a rendering, checked without rendering it. `cargo check` evaluates only this.

use super::{Out, Plan, Renderable, flattened_union, is_flattenable};
use crate::schema::{Kind, Node};

/// Number of named types up to which no rule about their number can be broken, wherever they occur.
const FEW_TYPES: usize = 32;

/// Checks that a schema can be rendered.
///
/// # Panics
///
/// Panics if it cannot. In a constant, this is a compile error.
#[doc(hidden)]
#[track_caller]
pub const fn check<T: Renderable + ?Sized>() {
    // The plan compares types with each other, which is slow. A schema with few types, the usual case, needs no plan.
    if check_node(T::SCHEMA.get(), FEW_TYPES + 1) == 0 {
        let _ = Plan::new(T::SCHEMA);
    }
}

/// Checks a node and returns the number of named types that are left. Stops at zero, so recursive types are no problem.
#[track_caller]
const fn check_node(node: &'static Node, mut left: usize) -> usize {
    if node.definition.is_some() {
        left = left.saturating_sub(1);
    }
    if left == 0 {
        return 0;
    }
    match node.kind {
        Kind::Number {
            min,
            max,
            multiple_of,
            ..
        } => {
            check_bound(min);
            check_bound(max);
            check_bound(multiple_of);
            left
        }
        Kind::Array { items, .. } => check_node(items.get(), left),
        Kind::Nullable(inner) => check_node(inner.get(), left),
        Kind::Map { values, .. } => check_node(values.get(), left),
        Kind::Tuple(items) => {
            let mut at = 0;
            while at < items.len() {
                left = check_node(items[at].get(), left);
                at += 1;
            }
            left
        }
        Kind::Union { variants, .. } => {
            let mut at = 0;
            while at < variants.len() {
                left = check_node(variants[at].schema.get(), left);
                at += 1;
            }
            left
        }
        Kind::Object { fields, .. } => {
            let mut flattens = false;
            let mut at = 0;
            while at < fields.len() {
                let field = &fields[at];
                if field.flatten {
                    flattens = true;
                    assert!(
                        is_flattenable(field.schema),
                        "only an object, a map or an enum of objects can be flattened"
                    );
                }
                left = check_node(field.schema.get(), left);
                at += 1;
            }
            if flattens {
                let _ = flattened_union(node);
            }
            left
        }
        _ => left,
    }
}

/// Checks that a bound can be written exactly.
#[track_caller]
const fn check_bound(bound: Option<f64>) {
    if let Some(bound) = bound {
        Out::counting().float(bound);
    }
}
