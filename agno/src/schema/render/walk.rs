//! Walks a schema to determine its named types, the number of uses of each type, the rendered size, and whether the
//! schema supports strict mode.

use super::Stack;
use super::equality::same_definition;
use super::plan::{Plan, is_large};
use crate::schema::{Kind, Node, Unique};

/// Maximum number of named types in one schema.
const MAX_TYPES: usize = 64;
/// Number of values above which OpenAI's strict mode limits the total number of characters in an enum.
const LARGE_ENUM: usize = 250;
/// Maximum total number of characters in such an enum.
const MAX_LARGE_ENUM_CHARACTERS: usize = 15_000;

/// A named type found by the walk.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) node: Option<&'static Node>,
    pub(super) uses: u32,
    pub(super) recursive: bool,
    /// Rendered size of the type.
    pub(super) written: SchemaSize,
    /// Number of nested levels.
    pub(super) levels: usize,
}

/// The quantities that OpenAI limits.
#[derive(Clone, Copy)]
pub(super) struct SchemaSize {
    pub(super) properties: usize,
    pub(super) values: usize,
    pub(super) characters: usize,
}

impl SchemaSize {
    const ZERO: Self = Self {
        properties: 0,
        values: 0,
        characters: 0,
    };

    pub(super) const fn since(self, earlier: Self) -> Self {
        Self {
            properties: self.properties - earlier.properties,
            values: self.values - earlier.values,
            characters: self.characters - earlier.characters,
        }
    }

    pub(super) const fn and(self, times: usize, other: Self) -> Self {
        Self {
            properties: self.properties + times * other.properties,
            values: self.values + times * other.values,
            characters: self.characters + times * other.characters,
        }
    }
}

/// A walk in progress.
pub(super) struct Walk<'a> {
    /// In a second walk, the plan from the first walk, which defines the shared types.
    pub(super) plan: Option<&'a Plan>,
    pub(super) entries: [Entry; MAX_TYPES],
    pub(super) len: usize,
    pub(super) written: SchemaSize,
    /// The deepest level; the root is at level zero.
    pub(super) max_depth: usize,
    pub(super) strict: bool,
    pub(super) constrained: bool,
}

impl<'a> Walk<'a> {
    pub(super) const fn new(plan: Option<&'a Plan>) -> Self {
        Self {
            plan,
            entries: [Entry {
                node: None,
                uses: 0,
                recursive: false,
                written: SchemaSize::ZERO,
                levels: 0,
            }; MAX_TYPES],
            len: 0,
            written: SchemaSize::ZERO,
            max_depth: 0,
            strict: true,
            constrained: false,
        }
    }

    const fn visit(&mut self, level: usize) {
        if level > self.max_depth {
            self.max_depth = level;
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

    pub(super) const fn walk(&mut self, node: &'static Node, level: usize, stack: Option<&Stack<'_>>) {
        self.visit(level);
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
            // An `anyOf` with the annotations of the location may wrap the reference, which adds a level.
            return self.visit(level + 1);
        }
        if let Some(index) = self.find(node) {
            let entry = &mut self.entries[index];
            entry.uses += 1;
            if Stack::contains(stack, node) {
                entry.recursive = true;
            }
            if is_large(node) {
                return self.visit(level + 1);
            }
            let (written, levels) = (entry.written, entry.levels);
            self.written = self.written.and(1, written);
            return self.visit(level + levels);
        }
        assert!(
            self.len < MAX_TYPES,
            "a schema may contain at most 64 named types"
        );
        let index = self.len;
        self.entries[index].node = Some(node);
        self.entries[index].uses = 1;
        self.len += 1;
        let (max_depth, before) = (self.max_depth, self.written);
        self.max_depth = level;
        self.walk_kind(node, level, Some(&Stack { node, parent: stack }));
        self.entries[index].levels = self.max_depth - level;
        self.entries[index].written = self.written.since(before);
        self.visit(max_depth);
    }

    pub(super) const fn walk_kind(&mut self, node: &'static Node, level: usize, stack: Option<&Stack<'_>>) {
        match node.kind {
            Kind::Any => self.strict = false,
            Kind::Raw(_) => {
                self.strict = false;
                self.constrained = true;
            }
            Kind::Null | Kind::Bool | Kind::Enclosing(_) => {}
            Kind::Integer {
                is_explicit,
                multiple_of,
                ..
            } => {
                self.constrained |= is_explicit || multiple_of.is_some();
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
                fixed_by_type,
                pattern,
                ..
            } => {
                self.constrained |= !fixed_by_type && (pattern.is_some() || min > 0 || max.is_some());
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
                self.strict &= values.len() <= LARGE_ENUM || characters <= MAX_LARGE_ENUM_CHARACTERS;
            }
            Kind::Array {
                items,
                min,
                max,
                fixed_by_type,
                unique,
            } => {
                self.constrained |=
                    matches!(unique, Unique::Checked) || (!fixed_by_type && (min > 0 || max.is_some()));
                self.walk(items.get(), level + 1, stack);
            }
            Kind::Tuple(items) => {
                self.strict &= super::all_equal(items);
                let mut at = 0;
                while at < items.len() {
                    self.walk(items[at].get(), level + 1, stack);
                    at += 1;
                }
            }
            Kind::Object { fields, .. } => {
                // An object with a flattened enum is written once per variant.
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
                        // Strict mode requires every field, but the fields of a flattened `Option` may all be absent.
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

    // A flattened type is written into the surrounding object, so this does not count as a use of its definition.
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
