//! Links between schema nodes, which may form cycles. Such links require unsafe code.
#![expect(
    unsafe_code,
    reason = "a constant may contain a pointer to the static that it is read from, but not a reference to that static"
)]

use core::fmt;

use super::{Kind, Node};

/// A schema: a copyable link to a [`Node`] with a static lifetime.
///
/// The schema of a recursive type refers back to itself. Rust rejects a constant whose value contains a reference to
/// itself (E0391) but accepts a raw pointer. Therefore, the link stores a pointer and returns a reference.
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

// SAFETY: the pointer only ever comes from a `&'static Node`, and `Node` is `Sync` (asserted below). Sharing or
// sending the link is equivalent to sharing or sending that reference.
unsafe impl Send for SchemaRef {}
// SAFETY: as above.
unsafe impl Sync for SchemaRef {}

const _: () = {
    const fn sync<T: Sync>() {}
    sync::<Node>();
};

impl SchemaRef {
    /// Creates a link to a node.
    pub const fn new(node: &'static Node) -> Self {
        Self(node)
    }

    /// Returns the linked node.
    pub const fn get(self) -> &'static Node {
        // SAFETY: `new` is the only constructor, so the pointer came from a `&'static Node`, and nodes never change
        // after they are created.
        unsafe { &*self.0 }
    }

    /// Returns the node inside any number of `Option`s.
    pub const fn base(self) -> &'static Node {
        let mut node = self.get();
        while let Kind::Nullable(inner) = node.kind {
            node = inner.get();
        }
        node
    }

    /// Returns `true` if the schema accepts `null` in addition to the values of another schema, as for an `Option`.
    pub const fn is_nullable(self) -> bool {
        matches!(self.get().kind, Kind::Nullable(_))
    }

    /// Returns `true` if every value is a JSON object with named fields. Tool arguments must be such objects, and
    /// most providers require the same of outputs.
    pub const fn is_object(self) -> bool {
        matches!(self.get().kind, Kind::Object { .. }) && super::render::flattened_union(self.get()).is_none()
    }
}

impl fmt::Debug for SchemaRef {
    // Prints only the node itself, because the tree may be infinite.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = self.get();
        match node.definition {
            Some(definition) => write!(f, "SchemaRef({} {})", node.kind_name(), definition.name),
            None => write!(f, "SchemaRef({})", node.kind_name()),
        }
    }
}
