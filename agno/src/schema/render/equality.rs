//! Conservative comparison of schemas at compile time.

use crate::const_text::same_text;
use crate::schema::{Kind, Node, Unique};

/// Returns `true` if two nodes belong to the same named type.
pub(super) const fn same_definition(a: &Node, b: &Node) -> bool {
    let (Some(a), Some(b)) = (a.definition, b.definition) else {
        return false;
    };
    if !same_text(a.path, b.path) || a.args.len() != b.args.len() {
        return false;
    }
    let mut at = 0;
    while at < a.args.len() {
        if !equal_nodes(a.args[at].get(), b.args[at].get()) {
            return false;
        }
        at += 1;
    }
    true
}

/// Returns `true` if two nodes are certainly equal. The comparison is conservative: a false negative costs a few
/// bytes but never changes the meaning of the schema.
pub(super) const fn equal_nodes(a: &Node, b: &Node) -> bool {
    if a.definition.is_some() || b.definition.is_some() {
        return same_definition(a, b);
    }
    match (a.annotations.description, b.annotations.description) {
        (None, None) => {}
        (Some(a), Some(b)) if same_text(a, b) => {}
        _ => return false,
    }
    match (a.kind, b.kind) {
        (Kind::Any, Kind::Any) | (Kind::Null, Kind::Null) | (Kind::Bool, Kind::Bool) => true,
        (
            Kind::Integer {
                min: a,
                max: b,
                multiple_of: None,
                ..
            },
            Kind::Integer {
                min: c,
                max: d,
                multiple_of: None,
                ..
            },
        ) => same_bound(a, c) && same_bound(b, d),
        (
            Kind::Number {
                min: None,
                max: None,
                multiple_of: None,
                ..
            },
            Kind::Number {
                min: None,
                max: None,
                multiple_of: None,
                ..
            },
        ) => true,
        (
            Kind::String {
                min: a,
                max: b,
                pattern: c,
                format: d,
                ..
            },
            Kind::String {
                min: e,
                max: f,
                pattern: g,
                format: h,
                ..
            },
        ) => a == e && same_count(b, f) && same_texts(c, g) && same_texts(d, h),
        (Kind::Nullable(a), Kind::Nullable(b)) => equal_nodes(a.get(), b.get()),
        (Kind::Map { keys: a, values: b }, Kind::Map { keys: c, values: d }) => {
            equal_nodes(a.get(), c.get()) && equal_nodes(b.get(), d.get())
        }
        (
            Kind::Array {
                items: a,
                min: b,
                max: None,
                unique: Unique::No,
                ..
            },
            Kind::Array {
                items: c,
                min: d,
                max: None,
                unique: Unique::No,
                ..
            },
        ) => b == d && equal_nodes(a.get(), c.get()),
        _ => false,
    }
}

const fn same_bound(a: Option<i128>, b: Option<i128>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

const fn same_count(a: Option<usize>, b: Option<usize>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

const fn same_texts(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same_text(a, b),
        _ => false,
    }
}

/// Returns `true` if two definitions would get the same label in `$defs`.
pub(super) const fn same_label(a: &Node, b: &Node) -> bool {
    match (a.definition, b.definition) {
        (Some(a), Some(b)) => same_text(a.name, b.name),
        _ => false,
    }
}
