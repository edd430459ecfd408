//! Nodes as JSON Schema, in the words of each dialect.

use super::describe::Site;
use super::{Context, Out, Stack, alike, flattened_union};
use crate::schema::{AnyDialect, Kind, Node, SchemaRef, Unique, Value, Variant};

// JSON numbers beyond are read by many as something else.
const SAFE: i128 = 9_007_199_254_740_992;

impl Context<'_> {
    /// The whole schema, with its definitions.
    pub(super) const fn root(self, out: &mut Out<'_>) {
        let root = self.root;
        out.raw("{");
        match root.kind {
            Kind::Nullable(_) => self.members(out, root, Site::NONE, None),
            _ => self.inlined(out, root, Site::NONE, None),
        }
        if !self.is_gemini() {
            self.definitions(out);
        }
        out.raw("}");
    }

    const fn definitions(self, out: &mut Out<'_>) {
        let mut open = false;
        let mut at = 0;
        while at < self.plan.len() {
            if let Some(node) = self.plan.shared(at)
                && !self.is_root(node)
            {
                if !open {
                    out.key("$defs");
                    out.raw("{");
                    open = true;
                }
                out.comma();
                out.raw("\"");
                self.label(out, node, at);
                out.raw("\":{");
                self.inlined(out, node, Site::NONE, None);
                out.raw("}");
            }
            at += 1;
        }
        if open {
            out.raw("}");
        }
    }

    const fn is_root(self, node: &Node) -> bool {
        super::plan::same_definition(self.root, node)
    }

    /// The name of a definition: letters, digits and `_` only, and unlike the others.
    const fn label(self, out: &mut Out<'_>, node: &Node, index: usize) {
        if let Some(definition) = node.definition {
            let bytes = definition.name.as_bytes();
            let mut at = 0;
            while at < bytes.len() {
                let plain = bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_';
                let byte = [if plain { bytes[at] } else { b'_' }];
                if let Ok(text) = core::str::from_utf8(&byte) {
                    out.raw(text);
                }
                at += 1;
            }
        }
        let twins = self.plan.twins_before(index);
        if twins > 0 {
            out.raw("_");
            out.int(twins as i128 + 1);
        }
    }

    /// A node in braces.
    pub(super) const fn node(
        self,
        out: &mut Out<'_>,
        node: &'static Node,
        site: Site,
        stack: Option<&Stack<'_>>,
    ) {
        out.raw("{");
        self.members(out, node, site, stack);
        out.raw("}");
    }

    pub(super) const fn schema(self, out: &mut Out<'_>, schema: SchemaRef, stack: Option<&Stack<'_>>) {
        self.node(out, schema.get(), Site::NONE, stack);
    }

    /// The members of a node's object: a reference where there can be one, else the node itself.
    const fn members(self, out: &mut Out<'_>, node: &'static Node, site: Site, stack: Option<&Stack<'_>>) {
        if let Kind::Nullable(inner) = node.kind {
            let mut site = site.over(node);
            site.nullable = true;
            return self.members(out, inner.get(), site, stack);
        }
        if let Kind::Enclosing(path) = node.kind {
            // Without it around, nothing is known of the value.
            if let Some(target) = Stack::by_path(stack, path) {
                self.members(out, target, site, stack);
            }
            return;
        }
        if self.is_gemini() {
            // Gemini takes no references: a recursive type is cut where it meets itself.
            if Stack::holds(stack, node) {
                return self.cut(out, node, site);
            }
        } else if let Some(index) = self.plan.reference(node) {
            return self.reference(out, node, index, site);
        }
        self.inlined(out, node, site, stack);
    }

    const fn cut(self, out: &mut Out<'_>, node: &Node, site: Site) {
        self.kind(out, "object", site.nullable);
        out.key("description");
        out.raw("\"");
        if site.description.is_empty() {
            out.raw("Shaped like the ");
        } else {
            out.escaped(site.description);
            out.raw(" Shaped like the ");
        }
        if let Some(definition) = node.definition {
            out.escaped(definition.name);
        }
        out.raw(" around it.\"");
    }

    const fn reference(self, out: &mut Out<'_>, node: &Node, index: usize, site: Site) {
        // OpenAI takes nothing beside a `$ref`; others read what stands beside it.
        let wrapped = site.nullable || (self.is_openai() && !site.is_plain());
        if !site.is_plain() {
            self.annotations(out, &Node::any(), site);
        }
        if wrapped {
            out.key("anyOf");
            out.raw("[{");
        }
        out.key("$ref");
        if self.is_root(node) {
            out.raw("\"#\"");
        } else {
            out.raw("\"#/$defs/");
            self.label(out, node, index);
            out.raw("\"");
        }
        if wrapped {
            out.raw("}");
            if site.nullable {
                out.raw(",{\"type\":\"null\"}");
            }
            out.raw("]");
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
                self.kind(out, "null", false);
                self.annotations(out, node, site);
            }
            Kind::Bool => {
                self.kind(out, "boolean", site.nullable);
                self.annotations(out, node, site);
            }
            Kind::Integer {
                min,
                max,
                multiple_of,
                ..
            } => {
                self.kind(out, "integer", site.nullable);
                self.annotations(out, node, site);
                self.integer(out, min, max, multiple_of);
            }
            Kind::Number {
                min,
                max,
                below,
                multiple_of,
            } => {
                self.kind(out, "number", site.nullable);
                self.annotations(out, node, site);
                self.number(out, min, max, below, multiple_of);
            }
            Kind::String { .. } => {
                self.kind(out, "string", site.nullable);
                self.annotations(out, node, site);
                self.string(out, node);
            }
            Kind::Enum(values) => {
                self.kind(out, "string", site.nullable);
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
                self.kind(out, "array", site.nullable);
                self.annotations(out, node, site);
                out.key("items");
                self.schema(out, items, stack);
                self.items(out, min, max);
                if !self.strict && !self.is_gemini() && !matches!(unique, Unique::No) {
                    out.key("uniqueItems");
                    out.raw("true");
                }
            }
            Kind::Tuple(items) => {
                self.kind(out, "array", site.nullable);
                self.annotations(out, node, site);
                self.tuple(out, items, stack);
            }
            Kind::Object { .. } => match flattened_union(node) {
                Some(union) => self.distributed(out, node, union, site, stack),
                None => {
                    self.kind(out, "object", site.nullable);
                    self.annotations(out, node, site);
                    self.object(out, node, None, stack);
                }
            },
            Kind::Map { keys, values } => {
                self.kind(out, "object", site.nullable);
                self.annotations(out, node, site);
                self.map(out, keys, values, stack);
            }
            Kind::Union { variants, .. } => self.union(out, node, variants, site, stack),
            Kind::Raw(json) => self.raw(out, json, site),
            Kind::Nullable(_) | Kind::Enclosing(_) => self.members(out, node, site, stack),
        }
    }

    /// `"type"`, with `null` beside it in the dialect's way.
    pub(super) const fn kind(self, out: &mut Out<'_>, name: &str, nullable: bool) {
        out.key("type");
        if nullable && !self.is_gemini() {
            out.raw("[");
            out.word(name);
            out.raw(",\"null\"]");
            return;
        }
        out.word(name);
        if nullable {
            out.key("nullable");
            out.raw("true");
        }
    }

    const fn any(self, out: &mut Out<'_>, node: &Node, site: Site) {
        if !self.is_gemini() {
            return self.annotations(out, node, site);
        }
        // Gemini wants a type for every value, and nothing beside `anyOf`.
        out.key("anyOf");
        out.raw("[{\"type\":\"string\",\"nullable\":true");
        self.annotations(out, node, site);
        out.raw(
            "},{\"type\":\"number\"},{\"type\":\"boolean\"},{\"type\":\"object\"},\
             {\"type\":\"array\",\"items\":{\"type\":\"string\"}}]",
        );
    }

    const fn integer(self, out: &mut Out<'_>, min: Option<i128>, max: Option<i128>, step: Option<i128>) {
        if let Some(min) = min
            && min >= -SAFE
        {
            out.key("minimum");
            out.int(min);
        }
        if let Some(max) = max
            && max <= SAFE
        {
            out.key("maximum");
            out.int(max);
        }
        if let Some(step) = step
            && !self.is_gemini()
        {
            out.key("multipleOf");
            out.int(step);
        }
    }

    const fn number(
        self,
        out: &mut Out<'_>,
        min: Option<f64>,
        max: Option<f64>,
        below: bool,
        step: Option<f64>,
    ) {
        if let Some(min) = min {
            out.key("minimum");
            out.float(min);
        }
        if let Some(max) = max {
            out.key(if below && !self.is_gemini() {
                "exclusiveMaximum"
            } else {
                "maximum"
            });
            out.float(max);
        }
        if let Some(step) = step
            && !self.is_gemini()
        {
            out.key("multipleOf");
            out.float(step);
        }
    }

    const fn string(self, out: &mut Out<'_>, node: &Node) {
        let Kind::String {
            min,
            max,
            pattern,
            format,
            ..
        } = node.kind
        else {
            return;
        };
        if !self.strict {
            if min > 0 {
                out.key("minLength");
                out.int(min as i128);
            }
            if let Some(max) = max {
                out.key("maxLength");
                out.int(max as i128);
            }
        }
        if let Some(pattern) = pattern {
            out.key("pattern");
            out.string(pattern);
        }
        if let Some(format) = format
            && self.takes_format(format)
        {
            out.key("format");
            out.string(format);
        }
    }

    const fn values(self, out: &mut Out<'_>, values: &[Value], null: bool) {
        out.key("enum");
        out.raw("[");
        let mut at = 0;
        while at < values.len() {
            out.comma();
            out.string(values[at].text);
            at += 1;
        }
        if null {
            out.comma();
            out.raw("null");
        }
        out.raw("]");
    }

    const fn items(self, out: &mut Out<'_>, min: usize, max: Option<usize>) {
        if min > 0 {
            out.key("minItems");
            out.int(min as i128);
        }
        if let Some(max) = max {
            out.key("maxItems");
            out.int(max as i128);
        }
    }

    const fn tuple(self, out: &mut Out<'_>, items: &'static [SchemaRef], stack: Option<&Stack<'_>>) {
        let count = items.len();
        if count > 0 && alike(items) {
            out.key("items");
            self.schema(out, items[0], stack);
        } else if self.is_gemini() {
            // Gemini has one schema for all items: each may then be what any may be.
            out.key("items");
            out.raw("{\"anyOf\":[");
            self.list(out, items, stack);
            out.raw("]}");
        } else {
            out.key("prefixItems");
            out.raw("[");
            self.list(out, items, stack);
            out.raw("]");
            out.key("items");
            out.raw("false");
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
                    out.key("propertyNames");
                    out.raw("{");
                    self.values(out, names, false);
                    out.raw("}");
                }
                Kind::Integer { min, .. } => {
                    out.key("propertyNames");
                    out.raw(match min {
                        Some(min) if min >= 0 => "{\"pattern\":\"^[0-9]+$\"}",
                        _ => "{\"pattern\":\"^-?[0-9]+$\"}",
                    });
                }
                _ => {}
            }
        }
        out.key("additionalProperties");
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
        // Gemini takes nothing beside `anyOf`: what there is to say goes to the first shape.
        if !self.is_gemini() {
            self.annotations(out, node, site);
        }
        out.key("anyOf");
        out.raw("[");
        let mut at = 0;
        while at < variants.len() {
            out.comma();
            let mut here = Site::NONE;
            if self.is_gemini() && at == 0 {
                here = site;
                null = false;
            }
            self.node(out, variants[at].schema.get(), here, stack);
            at += 1;
        }
        if null {
            out.comma();
            out.raw("{\"type\":\"null\"}");
        }
        out.raw("]");
    }

    /// A literal, with what the place says put in front of its members.
    const fn raw(self, out: &mut Out<'_>, json: &'static str, site: Site) {
        let wrapped = site.nullable && !self.is_gemini();
        if wrapped {
            self.annotations(out, &Node::any(), site);
            out.key("anyOf");
            out.raw("[");
            out.raw(json);
            out.raw(",{\"type\":\"null\"}]");
            return;
        }
        if !super::object::mentions(json, "\"description\"") {
            self.annotations(out, &Node::any(), site);
        }
        if site.nullable {
            out.key("nullable");
            out.raw("true");
        }
        let (_, members) = json.split_at(1);
        let (members, _) = members.split_at(members.len() - 1);
        if !super::object::is_blank(members) {
            out.comma();
            out.raw(members);
        }
    }
}
