//! A link from one schema node to another that may close a circle, and the crate's only unsafe code.
#![expect(
    unsafe_code,
    reason = "a constant may hold a pointer to the static it is read from, but not a reference to it"
)]

use core::fmt;

use super::{Kind, Node};

/// A schema: a copyable link to a [`Node`] that lives as long as the program.
///
/// A recursive type's schema leads back to itself. Rust refuses a constant whose value holds a reference to
/// itself (E0391), but takes a raw pointer, so the link is a pointer inside and a reference outside.
///
/// ```
/// use agno::schema::{Node, Schema, SchemaRef};
///
/// const YES_OR_NO: SchemaRef = SchemaRef::new(&Node::boolean().description("Shall we?"));
/// assert_eq!(YES_OR_NO.get().kind_name(), "boolean");
/// assert_eq!(<Vec<u8> as Schema>::SCHEMA.get().kind_name(), "array");
/// ```
#[derive(Clone, Copy)]
pub struct SchemaRef(*const Node);

// SAFETY: the pointer is only ever made from a `&'static Node`, and `Node` is `Sync` (asserted below): sharing or
// sending the link is sharing or sending that reference.
unsafe impl Send for SchemaRef {}
// SAFETY: as above.
unsafe impl Sync for SchemaRef {}

const _: () = {
    const fn sync<T: Sync>() {}
    sync::<Node>();
};

impl SchemaRef {
    /// Links to a node.
    pub const fn new(node: &'static Node) -> Self {
        Self(node)
    }

    /// The node linked to.
    pub const fn get(self) -> &'static Node {
        // SAFETY: `new` is the only constructor, so the pointer came from a `&'static Node`, and nodes are never
        // changed after they were made.
        unsafe { &*self.0 }
    }

    /// The node behind any number of `Option`s.
    pub const fn base(self) -> &'static Node {
        let mut node = self.get();
        while let Kind::Nullable(inner) = node.kind {
            node = inner.get();
        }
        node
    }

    /// Whether `null` is accepted, as for an `Option`.
    pub const fn is_nullable(self) -> bool {
        matches!(self.get().kind, Kind::Nullable(_))
    }

    /// Whether every value is a JSON object with named fields, which is what tools take and most providers want
    /// as an output.
    pub const fn is_object(self) -> bool {
        matches!(self.get().kind, Kind::Object { .. }) && super::render::flattened_union(self.get()).is_none()
    }
}

impl fmt::Debug for SchemaRef {
    // One line: the tree behind may be endless.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = self.get();
        match node.definition {
            Some(definition) => write!(f, "SchemaRef({} {})", node.kind_name(), definition.name),
            None => write!(f, "SchemaRef({})", node.kind_name()),
        }
    }
}
