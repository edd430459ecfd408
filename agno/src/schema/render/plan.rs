//! What a whole tree tells before it is written: its shared and recursive types, whether it can be strict, and whether
//! it holds rules that serde does not.

use super::Stack;
use crate::schema::{Kind, Node, SchemaRef, Unique};

/// Named types that one schema may hold.
const MOST_TYPES: usize = 64;
/// Of them, those that are used more than once.
const MOST_SHARED: usize = 32;
/// OpenAI's bounds of a strict schema ("Structured Outputs", supported schemas). They hold for what is written: a type that
/// is written twice counts twice, one that is referred to counts once. A schema within another is one level deeper, be it a
/// property, the items of a list or one of several shapes: so counts OpenAI's own check, in its client for Java.
const MOST_LEVELS: usize = 10;
const MOST_PROPERTIES: usize = 5_000;
const MOST_VALUES: usize = 1_000;
/// Of the names of properties and definitions and the texts of enums together; and of one enum of more than 250 texts.
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
        let mut walk = Walk::new(None);
        walk.strict = root.is_object();
        walk.walk(root.get(), 0, None);
        let mut plan = Self {
            shared: [None; MOST_SHARED],
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
                    plan.len < MOST_SHARED,
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
            && walk.written.properties <= MOST_PROPERTIES
            && walk.written.values <= MOST_VALUES
            && walk.written.characters <= MOST_CHARACTERS
            && (walk.deepest <= MOST_LEVELS || plan.levels(root.get()) <= MOST_LEVELS);
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
        walk.deepest
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
    /// What writing it takes, and how many levels.
    written: Written,
    levels: usize,
}

/// What OpenAI counts.
#[derive(Clone, Copy)]
struct Written {
    properties: usize,
    values: usize,
    characters: usize,
}

impl Written {
    const NOTHING: Self = Self {
        properties: 0,
        values: 0,
        characters: 0,
    };

    const fn since(self, earlier: Self) -> Self {
        Self {
            properties: self.properties - earlier.properties,
            values: self.values - earlier.values,
            characters: self.characters - earlier.characters,
        }
    }

    const fn and(self, times: usize, other: Self) -> Self {
        Self {
            properties: self.properties + times * other.properties,
            values: self.values + times * other.values,
            characters: self.characters + times * other.characters,
        }
    }
}

/// The walk under way.
struct Walk<'a> {
    /// What is known to be shared and is a reference, in a second walk.
    plan: Option<&'a Plan>,
    entries: [Entry; MOST_TYPES],
    len: usize,
    written: Written,
    /// The deepest level; the root is at none.
    deepest: usize,
    strict: bool,
    constrained: bool,
}

impl<'a> Walk<'a> {
    const fn new(plan: Option<&'a Plan>) -> Self {
        Self {
            plan,
            entries: [Entry {
                node: None,
                uses: 0,
                recursive: false,
                written: Written::NOTHING,
                levels: 0,
            }; MOST_TYPES],
            len: 0,
            written: Written::NOTHING,
            deepest: 0,
            strict: true,
            constrained: false,
        }
    }

    const fn reach(&mut self, level: usize) {
        if level > self.deepest {
            self.deepest = level;
        }
    }

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
        self.reach(level);
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
        if let Some(plan) = self.plan
            && level > 0
            && plan.reference(node).is_some()
        {
            // What is said of the place stands around the reference.
            return self.reach(level + 1);
        }
        if let Some(index) = self.find(node) {
            let entry = &mut self.entries[index];
            entry.uses += 1;
            if Stack::holds(stack, node) {
                entry.recursive = true;
            }
            if is_large(node) {
                return self.reach(level + 1);
            }
            let (written, levels) = (entry.written, entry.levels);
            self.written = self.written.and(1, written);
            return self.reach(level + levels);
        }
        assert!(self.len < MOST_TYPES, "a schema may hold at most 64 named types");
        let index = self.len;
        self.entries[index].node = Some(node);
        self.entries[index].uses = 1;
        self.len += 1;
        let (deepest, before) = (self.deepest, self.written);
        self.deepest = level;
        self.walk_kind(node, level, Some(&Stack { node, parent: stack }));
        self.entries[index].levels = self.deepest - level;
        self.entries[index].written = self.written.since(before);
        self.reach(deepest);
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
                self.written.values += values.len();
                let mut characters = 0;
                let mut at = 0;
                while at < values.len() {
                    characters += values[at].text.len();
                    at += 1;
                }
                self.written.characters += characters;
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
                self.walk(items.get(), level + 1, stack);
            }
            Kind::Tuple(items) => {
                self.strict &= super::alike(items);
                let mut at = 0;
                while at < items.len() {
                    self.walk(items[at].get(), level + 1, stack);
                    at += 1;
                }
            }
            Kind::Object { fields, .. } => {
                // With an enum flattened into it, the object is written once for each variant.
                let (level, times) = match super::flattened_union(node) {
                    Some(Node {
                        kind: Kind::Union { variants, .. },
                        ..
                    }) => (level + 1, variants.len()),
                    _ => (level, 1),
                };
                let before = self.written;
                let mut at = 0;
                while at < fields.len() {
                    let field = &fields[at];
                    if field.flatten {
                        // Strict mode would ask for fields that are there together or not at all.
                        self.strict &= !field.schema.is_nullable();
                        self.flattened(field.schema.base(), level, stack);
                    } else {
                        self.written.properties += 1;
                        self.written.characters += field.name.len();
                        self.walk(field.schema.get(), level + 1, stack);
                    }
                    at += 1;
                }
                if times > 1 {
                    self.written = self.written.and(times - 1, self.written.since(before));
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
                    self.walk(variants[at].schema.get(), level + 1, stack);
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
