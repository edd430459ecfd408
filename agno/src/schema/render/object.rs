//! Writes objects: the properties, the list of required fields, and the fields that flattening adds.

use super::describe::Site;
use super::{Context, Out, Stack};
use crate::schema::field::Presence;
use crate::schema::{Field, Kind, Node, SchemaRef, Variant};

/// The additional properties that a flattened map or value allows.
#[derive(Clone, Copy)]
enum AdditionalProperties {
    None,
    Any,
    Schema(SchemaRef),
}

impl Context<'_> {
    /// Writes an object with a flattened enum as one object per shape.
    pub(super) const fn flattened_object(
        self,
        out: &mut Out<'_>,
        node: &'static Node,
        union: &'static Node,
        site: Site,
        stack: Option<&Stack<'_>>,
    ) {
        let Kind::Union { variants, .. } = union.kind else {
            return;
        };
        if !self.is_gemini() {
            self.annotations(out, node, site);
        }
        out.key(b"\"anyOf\":");
        out.open(b"[");
        let mut at = 0;
        while at < variants.len() {
            let variant = variants[at];
            let shape = variant.schema.base();
            out.comma();
            out.open(b"{");
            let mut inner_site = Site {
                nullable: false,
                ..Site::NONE
            };
            if self.is_gemini() && at == 0 {
                inner_site = site;
            }
            self.kind(out, b"\"object\"", inner_site.nullable);
            self.annotations(out, shape, inner_site.over(shape));
            self.object(out, node, Some(variant), stack);
            out.lit(b"}");
            at += 1;
        }
        if site.nullable && !self.is_gemini() {
            out.lit(b",{\"type\":\"null\"}");
        }
        out.lit(b"]");
    }

    /// Writes `properties`, `required` and `additionalProperties`.
    pub(super) const fn object(
        self,
        out: &mut Out<'_>,
        node: &'static Node,
        choice: Option<Variant>,
        stack: Option<&Stack<'_>>,
    ) {
        let Kind::Object { fields, .. } = node.kind else {
            return;
        };
        // Gemini rejects an empty `properties`, so an object without properties omits it.
        if !(self.is_gemini() && fields.is_empty()) {
            out.key(b"\"properties\":");
            out.open(b"{");
            self.properties(out, fields, choice, stack);
            out.lit(b"}");
        }
        self.required(out, fields, choice);
        if self.is_gemini() {
            return;
        }
        out.key(b"\"additionalProperties\":");
        match rest(fields, choice) {
            AdditionalProperties::None => out.lit(b"false"),
            AdditionalProperties::Any => out.lit(b"true"),
            AdditionalProperties::Schema(values) => self.schema(out, values, stack),
        }
    }

    const fn properties(
        self,
        out: &mut Out<'_>,
        fields: &'static [Field],
        choice: Option<Variant>,
        stack: Option<&Stack<'_>>,
    ) {
        let mut at = 0;
        while at < fields.len() {
            let field = &fields[at];
            at += 1;
            if field.flatten {
                if let Kind::Object { fields, .. } = expanded(field, choice).kind {
                    self.properties(out, fields, choice, stack);
                }
                continue;
            }
            out.name(field.name);
            let site = Site {
                annotations: field.annotations,
                // Strict mode has no optional fields, so an optional tool parameter accepts `null` instead.
                nullable: self.strict && field.null_is_absent && !field.is_required(),
            };
            self.node(out, field.schema.get(), site, stack);
        }
    }

    const fn required(self, out: &mut Out<'_>, fields: &'static [Field], choice: Option<Variant>) {
        let mut open = false;
        if self.strict {
            out.key(b"\"required\":");
            out.open(b"[");
            open = true;
        }
        self.names(out, fields, choice, true, &mut open);
        if open {
            out.lit(b"]");
        }
    }

    const fn names(
        self,
        out: &mut Out<'_>,
        fields: &'static [Field],
        choice: Option<Variant>,
        present: bool,
        open: &mut bool,
    ) {
        let mut at = 0;
        while at < fields.len() {
            let field = &fields[at];
            at += 1;
            if field.flatten {
                if let Kind::Object { fields, .. } = expanded(field, choice).kind {
                    self.names(out, fields, choice, present && is_present(field), open);
                }
            } else if self.strict || (present && field.is_required()) {
                if !*open {
                    out.key(b"\"required\":");
                    out.open(b"[");
                    *open = true;
                }
                out.comma();
                out.string(field.name);
            }
        }
    }
}

/// Returns `true` if the required fields of a flattened type must be present.
const fn is_present(field: &Field) -> bool {
    !field.schema.is_nullable() && !matches!(field.presence, Presence::Optional)
}

/// Returns the node whose fields replace a flattened field, or `None` if the type cannot be flattened.
pub(crate) const fn flattened(field: &Field, choice: Option<Variant>) -> Option<&'static Node> {
    let mut node = field.schema.base();
    if let (Kind::Union { .. }, Some(variant)) = (node.kind, choice) {
        node = variant.schema.base();
    }
    match node.kind {
        Kind::Object { .. } | Kind::Map { .. } | Kind::Any | Kind::Union { .. } | Kind::Null => Some(node),
        _ => None,
    }
}

/// Returns `true` if every shape of a type can be flattened.
pub(crate) const fn is_flattenable(schema: SchemaRef) -> bool {
    let field = Field::flatten(schema);
    let Kind::Union { variants, .. } = schema.base().kind else {
        return flattened(&field, None).is_some();
    };
    let mut at = 0;
    while at < variants.len() {
        if flattened(&field, Some(variants[at])).is_none() {
            return false;
        }
        at += 1;
    }
    true
}

#[expect(clippy::panic, reason = "runs in constants, where a panic is a compile error")]
const fn expanded(field: &Field, choice: Option<Variant>) -> &'static Node {
    match flattened(field, choice) {
        Some(node) => node,
        None => panic!("only an object, a map or an enum of objects can be flattened"),
    }
}

const fn rest(fields: &'static [Field], choice: Option<Variant>) -> AdditionalProperties {
    let mut at = 0;
    while at < fields.len() {
        let field = &fields[at];
        at += 1;
        if !field.flatten {
            continue;
        }
        match expanded(field, choice).kind {
            Kind::Any => return AdditionalProperties::Any,
            Kind::Map { values, .. } => return AdditionalProperties::Schema(values),
            Kind::Object { fields, .. } => match rest(fields, choice) {
                AdditionalProperties::None => {}
                found => return found,
            },
            _ => {}
        }
    }
    AdditionalProperties::None
}

pub(super) const fn contains_text(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let mut start = 0;
    while start + word.len() <= text.len() {
        let mut at = 0;
        while at < word.len() && text[start + at] == word[at] {
            at += 1;
        }
        if at == word.len() {
            return true;
        }
        start += 1;
    }
    false
}

pub(super) const fn is_blank(text: &str) -> bool {
    text.as_bytes().trim_ascii().is_empty()
}
