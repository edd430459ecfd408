//! Properties of an entire tree, collected before it is written: its shared and recursive types, its support for
//! strict mode, and the presence of rules that serde does not check.

use super::equality::{same_definition, same_label};
use super::walk::Walk;
use crate::schema::{Kind, Node, SchemaRef};

/// Maximum number of shared types in one schema: types that are recursive or used more than once.
const MAX_SHARED: usize = 32;
/// OpenAI's limits for a strict schema ("Structured Outputs", supported schemas). They apply to the rendered schema: a
/// type that is written twice counts twice, and a type that is referenced counts once. A schema inside another is one
/// level deeper, whether it is a property, the items of a list or one of several shapes. The check in OpenAI's Java
/// client counts the same way.
const MAX_LEVELS: usize = 10;
const MAX_PROPERTIES: usize = 5_000;
const MAX_VALUES: usize = 1_000;
/// Maximum total number of characters in property names, definition names and enum strings.
const MAX_CHARACTERS: usize = 120_000;

/// The properties of a tree, collected by walking it.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "used only in constants")]
pub(crate) struct Plan {
    // `SchemaRef`s rather than references, because the compiler validates references in a constant recursively.
    shared: [Option<SchemaRef>; MAX_SHARED],
    len: usize,
    strict: bool,
    constrained: bool,
}

impl Plan {
    /// Creates a plan by walking a tree.
    ///
    /// # Panics
    ///
    /// Panics if the tree contains more than 64 named types, or more than 32 shared types. In a constant, this is a
    /// compile error.
    pub(crate) const fn new(root: SchemaRef) -> Self {
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
                    "a schema may contain at most 32 types that are used more than once"
                );
                plan.shared[plan.len] = Some(SchemaRef::new(node));
                plan.len += 1;
                if let Some(definition) = node.definition {
                    // Reserves three characters for the suffix that distinguishes duplicate names.
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

    /// Returns the depth of the schema when shared types are separate definitions. The first walk assumes that every
    /// type is inlined, and even that depth rarely exceeds the limit.
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

    /// Returns `true` if OpenAI's strict mode supports the tree.
    pub(crate) const fn is_strict(&self) -> bool {
        self.strict
    }

    /// Returns `true` if the tree has rules that serde does not check.
    pub(crate) const fn is_constrained(&self) -> bool {
        self.constrained
    }

    /// Returns the number of definitions that are written once and referenced.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Returns the shared definition at an index.
    pub(super) const fn shared(&self, index: usize) -> Option<&'static Node> {
        match self.shared[index] {
            Some(node) => Some(node.get()),
            None => None,
        }
    }

    /// Returns the index of the shared definition of a node, if it has one.
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

    /// Returns the number of earlier shared definitions with the same label.
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

/// Returns `true` if a definition is worth a reference. Enums of strings are easier to read when inlined.
pub(super) const fn is_large(node: &Node) -> bool {
    if let Some(definition) = node.definition
        && definition.inline
    {
        return false;
    }
    matches!(node.kind, Kind::Object { .. } | Kind::Union { .. })
}
