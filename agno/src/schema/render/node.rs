//! Writes nodes as JSON Schema in each dialect.

use super::describe::Site;
use super::equality::same_definition;
use super::{Context, Out, Stack, all_equal, flattened_union};
use crate::schema::{AnyDialect, Kind, Node, SchemaRef, Unique, Variant};

impl Context<'_> {
    /// Writes the entire schema with its definitions.
    pub(super) const fn root(self, out: &mut Out<'_>) {
        let root = self.root;
        out.open(b"{");
        match root.kind {
            Kind::Nullable(_) => self.members(out, root, Site::NONE, None),
            _ => self.inlined(out, root, Site::NONE, None),
        }
        if !self.is_gemini() {
            self.definitions(out);
        }
        out.lit(b"}");
    }

    const fn definitions(self, out: &mut Out<'_>) {
        let mut open = false;
        let mut at = 0;
        while at < self.plan.len() {
            if let Some(node) = self.plan.shared(at)
                && !self.is_root(node)
            {
                if !open {
                    out.key(b"\"$defs\":");
                    out.open(b"{");
                    open = true;
                }
                out.comma();
                out.lit(b"\"");
                self.label(out, node, at);
                out.open(b"\":{");
                self.inlined(out, node, Site::NONE, None);
                out.lit(b"}");
            }
            at += 1;
        }
        if open {
            out.lit(b"}");
        }
    }

    const fn is_root(self, node: &Node) -> bool {
        same_definition(self.root, node)
    }

    /// Writes the unique name of a definition, which contains only letters, digits and `_`.
    const fn label(self, out: &mut Out<'_>, node: &Node, index: usize) {
        if let Some(definition) = node.definition {
            let bytes = definition.name.as_bytes();
            let end = bytes.len();
            let mut at = 0;
            while at < end {
                out.byte(match bytes[at] {
                    plain @ (b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_') => plain,
                    _ => b'_',
                });
                at += 1;
            }
        }
        let duplicates = self.plan.duplicates_before(index);
        if duplicates > 0 {
            out.lit(b"_");
            out.int(duplicates as i128 + 1);
        }
    }

    /// Writes a node in braces.
    pub(super) const fn node(
        self,
        out: &mut Out<'_>,
        node: &'static Node,
        site: Site,
        stack: Option<&Stack<'_>>,
    ) {
        out.open(b"{");
        self.members(out, node, site, stack);
        out.lit(b"}");
    }

    pub(super) const fn schema(self, out: &mut Out<'_>, schema: SchemaRef, stack: Option<&Stack<'_>>) {
        self.node(out, schema.get(), Site::NONE, stack);
    }

    /// Writes the members of a node's object: a reference if possible, otherwise the node itself.
    const fn members(self, out: &mut Out<'_>, node: &'static Node, site: Site, stack: Option<&Stack<'_>>) {
        if let Kind::Nullable(inner) = node.kind {
            let mut site = site.over(node);
            site.nullable = true;
            return self.members(out, inner.get(), site, stack);
        }
        if let Kind::Enclosing(path) = node.kind {
            // Without the enclosing definition, the schema accepts any value.
            if let Some(target) = Stack::by_path(stack, path) {
                self.members(out, target, site, stack);
            }
            return;
        }
        if self.is_gemini() {
            // Gemini supports no references, so the expansion of a recursive type stops at its first repetition.
            if Stack::contains(stack, node) {
                return self.cut(out, node, site);
            }
        } else if let Some(index) = self.plan.reference(node) {
            return self.reference(out, node, index, site);
        }
        self.inlined(out, node, site, stack);
    }

    const fn cut(self, out: &mut Out<'_>, node: &Node, site: Site) {
        self.kind(out, b"\"object\"", site.nullable);
        out.key(b"\"description\":");
        out.lit(b"\"");
        if let Some(description) = site.annotations.description {
            out.escaped(description);
            out.lit(b" ");
        }
        out.lit(b"Same structure as the enclosing ");
        if let Some(definition) = node.definition {
            out.escaped(definition.name);
        }
        out.lit(b".\"");
    }

    const fn reference(self, out: &mut Out<'_>, node: &Node, index: usize, site: Site) {
        // Only OpenAI forbids other keywords next to `$ref`.
        let wrapped = site.nullable || (self.is_openai() && site.annotations.any);
        if site.annotations.any {
            self.annotations(out, &Node::any(), site);
        }
        if wrapped {
            out.key(b"\"anyOf\":");
            out.open(b"[{");
        }
        out.key(b"\"$ref\":");
        if self.is_root(node) {
            out.lit(b"\"#\"");
        } else {
            out.lit(b"\"#/$defs/");
            self.label(out, node, index);
            out.lit(b"\"");
        }
        if wrapped {
            out.lit(b"}");
            if site.nullable {
                out.lit(b",{\"type\":\"null\"}");
            }
            out.lit(b"]");
        }
    }

    const fn inlined(self, out: &mut Out<'_>, node: &'static Node, site: Site, stack: Option<&Stack<'_>>) {
        let inner = Stack { node, parent: stack };
        let stack = if node.definition.is_some() {
            Some(&inner)
        } else {
            stack
        };
        let site = site.over(node);
        match node.kind {
            Kind::Any => self.any(out, node, site),
            Kind::Null => {
                self.kind(out, b"\"null\"", false);
                self.annotations(out, node, site);
            }
            Kind::Bool => {
                self.kind(out, b"\"boolean\"", site.nullable);
                self.annotations(out, node, site);
            }
            Kind::Integer {
                min,
                max,
                multiple_of,
                ..
            } => {
                self.kind(out, b"\"integer\"", site.nullable);
                self.annotations(out, node, site);
                self.integer(out, min, max, multiple_of);
            }
            Kind::Number {
                min,
                max,
                exclusive_max,
                multiple_of,
            } => {
                self.kind(out, b"\"number\"", site.nullable);
                self.annotations(out, node, site);
                self.number(out, min, max, exclusive_max, multiple_of);
            }
            Kind::String { .. } => {
                self.kind(out, b"\"string\"", site.nullable);
                self.annotations(out, node, site);
                self.string(out, node);
            }
            Kind::Enum(values) => {
                self.kind(out, b"\"string\"", site.nullable);
                self.annotations(out, node, site);
                self.values(out, values, site.nullable && !self.is_gemini());
            }
            Kind::Array {
                items,
                min,
                max,
                unique,
                ..
            } => {
                self.kind(out, b"\"array\"", site.nullable);
                self.annotations(out, node, site);
                out.key(b"\"items\":");
                self.schema(out, items, stack);
                self.items(out, min, max);
                if !self.strict && !self.is_gemini() && !matches!(unique, Unique::No) {
                    out.key(b"\"uniqueItems\":");
                    out.lit(b"true");
                }
            }
            Kind::Tuple(items) => {
                self.kind(out, b"\"array\"", site.nullable);
                self.annotations(out, node, site);
                self.tuple(out, items, stack);
            }
            Kind::Object { .. } => match flattened_union(node) {
                Some(union) => self.flattened_object(out, node, union, site, stack),
                None => {
                    self.kind(out, b"\"object\"", site.nullable);
                    self.annotations(out, node, site);
                    self.object(out, node, None, stack);
                }
            },
            Kind::Map { keys, values } => {
                self.kind(out, b"\"object\"", site.nullable);
                self.annotations(out, node, site);
                self.map(out, keys, values, stack);
            }
            Kind::Union { variants, .. } => self.union(out, node, variants, site, stack),
            Kind::Raw(json) => self.raw(out, json, site),
            Kind::Nullable(_) | Kind::Enclosing(_) => self.members(out, node, site, stack),
        }
    }

    /// Writes `"type"`, including `null` in the dialect's notation if the value is nullable.
    pub(super) const fn kind<const N: usize>(self, out: &mut Out<'_>, name: &[u8; N], nullable: bool) {
        out.key(b"\"type\":");
        if !nullable {
            out.lit(name);
        } else if self.is_gemini() {
            out.lit(name);
            out.lit(b",\"nullable\":true");
        } else {
            out.lit(b"[");
            out.lit(name);
            out.lit(b",\"null\"]");
        }
    }

    const fn items(self, out: &mut Out<'_>, min: usize, max: Option<usize>) {
        if min > 0 {
            out.key(b"\"minItems\":");
            out.int(min as i128);
        }
        if let Some(max) = max {
            out.key(b"\"maxItems\":");
            out.int(max as i128);
        }
    }

    const fn tuple(self, out: &mut Out<'_>, items: &'static [SchemaRef], stack: Option<&Stack<'_>>) {
        let count = items.len();
        if count > 0 && all_equal(items) {
            out.key(b"\"items\":");
            self.schema(out, items[0], stack);
        } else if self.is_gemini() {
            // Gemini has one schema for all items, so each position accepts the values of every position.
            out.key(b"\"items\":");
            out.open(b"{\"anyOf\":[");
            self.list(out, items, stack);
            out.lit(b"]}");
        } else {
            out.key(b"\"prefixItems\":");
            out.open(b"[");
            self.list(out, items, stack);
            out.lit(b"]");
            out.key(b"\"items\":");
            out.lit(b"false");
        }
        self.items(out, count, Some(count));
    }

    const fn list(self, out: &mut Out<'_>, items: &'static [SchemaRef], stack: Option<&Stack<'_>>) {
        let mut at = 0;
        while at < items.len() {
            out.comma();
            self.schema(out, items[at], stack);
            at += 1;
        }
    }

    const fn map(self, out: &mut Out<'_>, keys: SchemaRef, values: SchemaRef, stack: Option<&Stack<'_>>) {
        if self.is_gemini() {
            return;
        }
        if matches!(self.dialect, AnyDialect::JsonSchema) {
            match keys.base().kind {
                Kind::Enum(names) => {
                    out.key(b"\"propertyNames\":");
                    out.open(b"{");
                    self.values(out, names, false);
                    out.lit(b"}");
                }
                Kind::Integer { min, .. } => {
                    out.key(b"\"propertyNames\":");
                    if let Some(0..) = min {
                        out.lit(b"{\"pattern\":\"^[0-9]+$\"}");
                    } else {
                        out.lit(b"{\"pattern\":\"^-?[0-9]+$\"}");
                    }
                }
                _ => {}
            }
        }
        out.key(b"\"additionalProperties\":");
        self.schema(out, values, stack);
    }

    const fn union(
        self,
        out: &mut Out<'_>,
        node: &Node,
        variants: &'static [Variant],
        site: Site,
        stack: Option<&Stack<'_>>,
    ) {
        let mut null = site.nullable;
        // Gemini allows no other keyword next to `anyOf`, so the annotations are written into the first shape.
        if !self.is_gemini() {
            self.annotations(out, node, site);
        }
        out.key(b"\"anyOf\":");
        out.open(b"[");
        let mut at = 0;
        while at < variants.len() {
            out.comma();
            let mut inner_site = Site::NONE;
            if self.is_gemini() && at == 0 {
                inner_site = site;
                null = false;
            }
            self.node(out, variants[at].schema.get(), inner_site, stack);
            at += 1;
        }
        if null {
            out.comma();
            out.lit(b"{\"type\":\"null\"}");
        }
        out.lit(b"]");
    }

    /// Writes a literal schema, with the annotations of its location before its members.
    const fn raw(self, out: &mut Out<'_>, json: &'static str, site: Site) {
        let wrapped = site.nullable && !self.is_gemini();
        if wrapped {
            self.annotations(out, &Node::any(), site);
            out.key(b"\"anyOf\":");
            out.open(b"[");
            out.raw(json);
            out.lit(b",{\"type\":\"null\"}]");
            return;
        }
        if !super::object::contains_text(json, "\"description\"") {
            self.annotations(out, &Node::any(), site);
        }
        if site.nullable {
            out.key(b"\"nullable\":");
            out.lit(b"true");
        }
        let (_, members) = json.split_at(1);
        let (members, _) = members.split_at(members.len() - 1);
        if !super::object::is_blank(members) {
            out.comma();
            out.raw(members);
        }
    }
}
