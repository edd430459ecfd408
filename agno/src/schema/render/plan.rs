//! What a whole tree tells before it is written: its shared and recursive types, whether it can be strict, and whether
//! it holds rules that serde does not.

use super::Stack;
use crate::schema::{Kind, Node, SchemaRef, Unique};

/// Named types that one schema may hold.
const MOST_TYPES: usize = 64;
/// Of them, those that are used more than once.
const MOST_SHARED: usize = 32;
/// OpenAI's bounds of a strict schema.
const MOST_LEVELS: usize = 10;
const MOST_PROPERTIES: usize = 5_000;
const MOST_VALUES: usize = 1_000;
/// Of the names of properties and the texts of enums together; and of one enum of more than 250 texts.
const MOST_CHARACTERS: usize = 120_000;
const LARGE_ENUM: usize = 250;
const MOST_OF_LARGE_ENUM: usize = 15_000;

/// What is known of a tree after one walk over it.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "lives in constants only")]
pub struct Plan {
    // Links, not references: the compiler validates what a constant refers to, all the way down.
    shared: [Option<SchemaRef>; MOST_SHARED],
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
        let mut walk = Walk {
            entries: [Entry {
                node: None,
                uses: 0,
                recursive: false,
            }; MOST_TYPES],
            len: 0,
            properties: 0,
            values: 0,
            characters: 0,
            strict: root.is_object(),
            constrained: false,
        };
        walk.walk(root.get(), 1, None);
        let mut plan = Self {
            shared: [None; MOST_SHARED],
            len: 0,
            strict: walk.strict
                && walk.properties <= MOST_PROPERTIES
                && walk.values <= MOST_VALUES
                && walk.characters <= MOST_CHARACTERS,
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
                    plan.len < MOST_SHARED,
                    "a schema may hold at most 32 types that are used more than once"
                );
                plan.shared[plan.len] = Some(SchemaRef::new(node));
                plan.len += 1;
            }
        }
        plan
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
    pub(super) const fn twins_before(&self, index: usize) -> usize {
        let mut twins = 0;
        let mut at = 0;
        while at < index {
            if let (Some(a), Some(b)) = (self.shared(at), self.shared(index))
                && same_label(a, b)
            {
                twins += 1;
            }
            at += 1;
        }
        twins
    }
}

#[derive(Clone, Copy)]
struct Entry {
    node: Option<&'static Node>,
    uses: u32,
    recursive: bool,
}

/// The walk under way.
struct Walk {
    entries: [Entry; MOST_TYPES],
    len: usize,
    properties: usize,
    values: usize,
    characters: usize,
    strict: bool,
    constrained: bool,
}

impl Walk {
    const fn find(&self, node: &Node) -> Option<usize> {
        if node.definition.is_none() {
            return None;
        }
        let mut at = 0;
        while at < self.len {
            if let Some(known) = self.entries[at].node
                && same_definition(known, node)
            {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    const fn walk(&mut self, node: &'static Node, level: usize, stack: Option<&Stack<'_>>) {
        if let Kind::Enclosing(path) = node.kind {
            if let Some(target) = Stack::by_path(stack, path)
                && let Some(index) = self.find(target)
            {
                self.entries[index].recursive = true;
            }
            return;
        }
        if node.definition.is_none() {
            return self.walk_kind(node, level, stack);
        }
        if let Some(index) = self.find(node) {
            self.entries[index].uses += 1;
            if Stack::holds(stack, node) {
                self.entries[index].recursive = true;
            }
            return;
        }
        assert!(self.len < MOST_TYPES, "a schema may hold at most 64 named types");
        self.entries[self.len] = Entry {
            node: Some(node),
            uses: 1,
            recursive: false,
        };
        self.len += 1;
        self.walk_kind(node, level, Some(&Stack { node, parent: stack }));
    }

    const fn walk_kind(&mut self, node: &'static Node, level: usize, stack: Option<&Stack<'_>>) {
        match node.kind {
            Kind::Any => self.strict = false,
            Kind::Raw(_) => {
                self.strict = false;
                self.constrained = true;
            }
            Kind::Null | Kind::Bool | Kind::Enclosing(_) => {}
            Kind::Integer {
                narrowed,
                multiple_of,
                ..
            } => {
                self.constrained |= narrowed || multiple_of.is_some();
            }
            Kind::Number {
                min,
                max,
                multiple_of,
                ..
            } => {
                self.constrained |= min.is_some() || max.is_some() || multiple_of.is_some();
            }
            Kind::String {
                min,
                max,
                inherent,
                pattern,
                ..
            } => {
                self.constrained |= !inherent && (pattern.is_some() || min > 0 || max.is_some());
            }
            Kind::Enum(values) => {
                self.values += values.len();
                let mut characters = 0;
                let mut at = 0;
                while at < values.len() {
                    characters += values[at].text.len();
                    at += 1;
                }
                self.characters += characters;
                self.strict &= values.len() <= LARGE_ENUM || characters <= MOST_OF_LARGE_ENUM;
            }
            Kind::Array {
                items,
                min,
                max,
                inherent,
                unique,
            } => {
                self.constrained |=
                    matches!(unique, Unique::Checked) || (!inherent && (min > 0 || max.is_some()));
                self.walk(items.get(), level, stack);
            }
            Kind::Tuple(items) => {
                self.strict &= super::alike(items);
                let mut at = 0;
                while at < items.len() {
                    self.walk(items[at].get(), level, stack);
                    at += 1;
                }
            }
            Kind::Object { fields, .. } => {
                self.strict &= level <= MOST_LEVELS;
                self.properties += fields.len();
                let mut at = 0;
                while at < fields.len() {
                    let field = &fields[at];
                    self.characters += field.name.len();
                    if field.flatten {
                        // Strict mode would ask for fields that are there together or not at all.
                        self.strict &= !field.schema.is_nullable();
                        self.flattened(field.schema.base(), level, stack);
                    } else {
                        self.walk(field.schema.get(), level + 1, stack);
                    }
                    at += 1;
                }
            }
            Kind::Map { values, .. } => {
                self.strict = false;
                self.walk(values.get(), level + 1, stack);
            }
            Kind::Nullable(inner) => self.walk(inner.get(), level, stack),
            Kind::Union { variants, .. } => {
                let mut at = 0;
                while at < variants.len() {
                    self.walk(variants[at].schema.get(), level, stack);
                    at += 1;
                }
            }
        }
    }

    // A flattened type is written into its surroundings, so it is no use of its definition.
    const fn flattened(&mut self, node: &'static Node, level: usize, stack: Option<&Stack<'_>>) {
        match node.kind {
            Kind::Union { variants, .. } => {
                let mut at = 0;
                while at < variants.len() {
                    self.flattened(variants[at].schema.base(), level, stack);
                    at += 1;
                }
            }
            _ => self.walk_kind(node, level, stack),
        }
    }
}

/// Whether a definition is worth a reference: lists of words are easier read where they are used.
const fn is_large(node: &Node) -> bool {
    if let Some(definition) = node.definition
        && definition.inline
    {
        return false;
    }
    matches!(node.kind, Kind::Object { .. } | Kind::Union { .. })
}

/// Whether two nodes are of the same named type.
pub(super) const fn same_definition(a: &Node, b: &Node) -> bool {
    let (Some(a), Some(b)) = (a.definition, b.definition) else {
        return false;
    };
    if !same_text(a.path, b.path) || a.args.len() != b.args.len() {
        return false;
    }
    let mut at = 0;
    while at < a.args.len() {
        if !alike_nodes(a.args[at].get(), b.args[at].get()) {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether two nodes are certainly equal. Careful rather than complete: a `false` costs a few bytes, never a meaning.
pub(super) const fn alike_nodes(a: &Node, b: &Node) -> bool {
    if a.definition.is_some() || b.definition.is_some() {
        return same_definition(a, b);
    }
    match (a.notes.description, b.notes.description) {
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
        (Kind::Nullable(a), Kind::Nullable(b)) => alike_nodes(a.get(), b.get()),
        (Kind::Map { keys: a, values: b }, Kind::Map { keys: c, values: d }) => {
            alike_nodes(a.get(), c.get()) && alike_nodes(b.get(), d.get())
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
        ) => b == d && alike_nodes(a.get(), c.get()),
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

/// Whether two definitions would have the same label in `$defs`.
const fn same_label(a: &Node, b: &Node) -> bool {
    match (a.definition, b.definition) {
        (Some(a), Some(b)) => same_text(a.name, b.name),
        _ => false,
    }
}

pub(super) const fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    // From the end: paths of types begin alike.
    let mut at = a.len();
    while at > 0 {
        at -= 1;
        if a[at] != b[at] {
            return false;
        }
    }
    true
}
