//! What a whole tree tells before it is written: its shared and recursive types, whether it can be strict, and whether
//! it holds rules that serde does not.

use super::equality::{same_definition, same_label};
use super::walk::Walk;
use crate::schema::{Kind, Node, SchemaRef};

/// Named types that one schema may hold and that are used more than once.
const MAX_SHARED: usize = 32;
/// OpenAI's bounds of a strict schema ("Structured Outputs", supported schemas). They hold for what is written: a type that
/// is written twice counts twice, one that is referred to counts once. A schema within another is one level deeper, be it a
/// property, the items of a list or one of several shapes: so counts OpenAI's own check, in its client for Java.
const MAX_LEVELS: usize = 10;
const MAX_PROPERTIES: usize = 5_000;
const MAX_VALUES: usize = 1_000;
/// Of the names of properties and definitions and the texts of enums together.
const MAX_CHARACTERS: usize = 120_000;
/// What is known of a tree after one walk over it.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "lives in constants only")]
pub struct Plan {
    // Links, not references: the compiler validates what a constant refers to, all the way down.
    shared: [Option<SchemaRef>; MAX_SHARED],
    len: usize,
    strict: bool,
    constrained: bool,
}

impl Plan {
    /// Walks over a tree.
    ///
    /// # Panics
    ///
    /// When the tree holds more types than a plan has room for: in a constant, an error of the compiler.
    pub const fn of(root: SchemaRef) -> Self {
        let mut walk = Walk::new(None);
        walk.strict = root.is_object();
        walk.walk(root.get(), 0, None);
        let mut plan = Self {
            shared: [None; MAX_SHARED],
            len: 0,
            strict: false,
            constrained: walk.constrained,
        };
        let mut at = 0;
        while at < walk.len {
            let entry = &walk.entries[at];
            at += 1;
            if let Some(node) = entry.node
                && (entry.recursive || (entry.uses > 1 && is_large(node)))
            {
                assert!(
                    plan.len < MAX_SHARED,
                    "a schema may hold at most 32 types that are used more than once"
                );
                plan.shared[plan.len] = Some(SchemaRef::new(node));
                plan.len += 1;
                if let Some(definition) = node.definition {
                    // With the number of a name that is there twice.
                    walk.written.characters += definition.name.len() + 3;
                }
            }
        }
        plan.strict = walk.strict
            && walk.written.properties <= MAX_PROPERTIES
            && walk.written.values <= MAX_VALUES
            && walk.written.characters <= MAX_CHARACTERS
            && (walk.max_depth <= MAX_LEVELS || plan.levels(root.get()) <= MAX_LEVELS);
        plan
    }

    /// How deep the schema is where what is shared is a reference and stands on its own. The first walk takes everything for
    /// written out, which is rarely too deep.
    const fn levels(&self, root: &'static Node) -> usize {
        let mut walk = Walk::new(Some(self));
        walk.walk(root, 0, None);
        let mut at = 0;
        while at < self.len {
            if let Some(node) = self.shared(at) {
                walk.walk_kind(node, 1, None);
            }
            at += 1;
        }
        walk.max_depth
    }

    /// Whether OpenAI's strict mode can hold the tree.
    pub(crate) const fn is_strict(&self) -> bool {
        self.strict
    }

    /// Whether the tree holds rules that serde does not check by itself.
    pub(crate) const fn is_constrained(&self) -> bool {
        self.constrained
    }

    /// How many definitions are written once and referred to.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// One of them.
    pub(super) const fn shared(&self, index: usize) -> Option<&'static Node> {
        match self.shared[index] {
            Some(node) => Some(node.get()),
            None => None,
        }
    }

    /// Which of them a node is of, if any.
    pub(super) const fn reference(&self, node: &Node) -> Option<usize> {
        if self.len == 0 || node.definition.is_none() {
            return None;
        }
        let mut at = 0;
        while at < self.len {
            if let Some(known) = self.shared(at)
                && same_definition(known, node)
            {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// How many of them have the same name and come before.
    pub(super) const fn duplicates_before(&self, index: usize) -> usize {
        let mut duplicates = 0;
        let mut at = 0;
        while at < index {
            if let (Some(a), Some(b)) = (self.shared(at), self.shared(index))
                && same_label(a, b)
            {
                duplicates += 1;
            }
            at += 1;
        }
        duplicates
    }
}

/// Whether a definition is worth a reference: lists of words are easier read where they are used.
pub(super) const fn is_large(node: &Node) -> bool {
    if let Some(definition) = node.definition
        && definition.inline
    {
        return false;
    }
    matches!(node.kind, Kind::Object { .. } | Kind::Union { .. })
}
