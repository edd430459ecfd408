//! Renders the schema tree as JSON at compile time.
//!
//! A rendering visits the tree twice. [`Plan`] finds the shared and recursive types, and determines whether strict mode
//! supports the tree. Then the document is written, see [`constant`]. All functions are `const fn` over plain data, so the
//! same code also renders schemas at run time. [`check`] finds the errors of a rendering without rendering.

mod check;
mod constant;
mod describe;
mod equality;
mod node;
mod object;
mod out;
mod plan;
mod scalar;
mod walk;

pub use check::check;
pub use constant::{Renderable, check_schema, schema_text};
pub(super) use describe::supports_format;
pub(super) use object::flattened;
pub(crate) use object::is_flattenable;
use out::Out;
pub(crate) use plan::Plan;

use super::{AnyDialect, Kind, Node, SchemaRef};
use crate::const_text::same_text;

/// The document around a schema.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Document<'a> {
    /// The schema alone.
    Schema,
    /// A tool with its name and description. The schema describes its parameters.
    Tool(&'a str, &'a str),
    /// A structured output with its name and description.
    Output(&'a str, &'a str),
}

/// A rendering of a schema: the document around it and the dialect.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rendering<'a> {
    /// The document around the schema.
    pub document: Document<'a>,
    /// The schema.
    pub schema: SchemaRef,
    /// The dialect.
    pub dialect: AnyDialect,
}

impl Rendering<'_> {
    /// Returns the length of the document in bytes.
    pub(crate) const fn len(self, plan: &Plan) -> usize {
        let mut out = Out::counting();
        self.write(&mut out, plan);
        out.len()
    }

    /// Returns the first `N` bytes of the document, followed by zeros if it is shorter, and its length.
    pub(crate) const fn bytes<const N: usize>(self, plan: &Plan) -> ([u8; N], usize) {
        let mut bytes = [0; N];
        let mut out = Out::writing(&mut bytes);
        self.write(&mut out, plan);
        let len = out.len();
        (bytes, len)
    }

    /// Renders the document at run time.
    pub(crate) fn to_text(self) -> String {
        let plan = Plan::new(self.schema);
        let mut bytes = vec![0; self.len(&plan)];
        self.write(&mut Out::writing(&mut bytes), &plan);
        String::from_utf8(bytes).unwrap_or_default()
    }

    const fn write(self, out: &mut Out<'_>, plan: &Plan) {
        let strict = matches!(self.dialect, AnyDialect::OpenAi) && plan.is_strict();
        let cx = Context {
            dialect: self.dialect,
            strict,
            plan,
            root: self.schema.get(),
        };
        let (name, description) = match self.document {
            Document::Schema => return cx.root(out),
            Document::Tool(name, description) | Document::Output(name, description) => (name, description),
        };
        out.open(b"{");
        out.key(b"\"name\":");
        out.string(name);
        // Every provider accepts a tool without a description, but some reject an empty one.
        if !description.is_empty() {
            out.key(b"\"description\":");
            out.string(description);
        }
        if matches!(self.dialect, AnyDialect::OpenAi) {
            out.key(b"\"strict\":");
            if strict {
                out.lit(b"true");
            } else {
                out.lit(b"false");
            }
        }
        match (self.document, self.dialect) {
            // Gemini rejects an object without properties, so a tool without parameters has no `parameters` key.
            (Document::Tool(..), AnyDialect::Gemini) if is_empty_object(cx.root) => {}
            (Document::Tool(..), AnyDialect::Anthropic) => cx.keyed(out, b"\"input_schema\":"),
            (Document::Tool(..), _) => cx.keyed(out, b"\"parameters\":"),
            _ => cx.keyed(out, b"\"schema\":"),
        }
        out.lit(b"}");
    }
}

/// The context that all writers share.
#[derive(Clone, Copy)]
struct Context<'a> {
    dialect: AnyDialect,
    strict: bool,
    plan: &'a Plan,
    root: &'static Node,
}

impl Context<'_> {
    const fn keyed<const N: usize>(self, out: &mut Out<'_>, key: &[u8; N]) {
        out.key(key);
        self.root(out);
    }

    const fn is_gemini(self) -> bool {
        matches!(self.dialect, AnyDialect::Gemini)
    }

    const fn is_openai(self) -> bool {
        matches!(self.dialect, AnyDialect::OpenAi)
    }
}

/// The definitions around a node, innermost first.
pub(super) struct Stack<'a> {
    pub(super) node: &'static Node,
    pub(super) parent: Option<&'a Stack<'a>>,
}

impl Stack<'_> {
    pub(super) const fn contains(mut stack: Option<&Self>, node: &Node) -> bool {
        while let Some(entry) = stack {
            if equality::same_definition(entry.node, node) {
                return true;
            }
            stack = entry.parent;
        }
        false
    }

    pub(super) const fn by_path(mut stack: Option<&Self>, path: &str) -> Option<&'static Node> {
        while let Some(entry) = stack {
            if let Some(definition) = entry.node.definition
                && same_text(definition.path, path)
            {
                return Some(entry.node);
            }
            stack = entry.parent;
        }
        None
    }
}

/// Returns `true` if all positions of a tuple have the same schema.
const fn all_equal(items: &[SchemaRef]) -> bool {
    let mut at = 1;
    while at < items.len() {
        if !equality::equal_nodes(items[0].get(), items[at].get()) {
            return false;
        }
        at += 1;
    }
    true
}

const fn is_empty_object(node: &Node) -> bool {
    matches!(node.kind, Kind::Object { fields, .. } if fields.is_empty())
}

/// Returns the enum flattened into an object, if there is one. Such an object has one shape per variant.
#[track_caller]
pub(super) const fn flattened_union(node: &Node) -> Option<&'static Node> {
    let Kind::Object { fields, .. } = node.kind else {
        return None;
    };
    let mut found = None;
    let mut at = 0;
    while at < fields.len() {
        let field = &fields[at];
        at += 1;
        if !field.flatten {
            continue;
        }
        let inner = field.schema.base();
        let union = match inner.kind {
            Kind::Union { .. } => Some(inner),
            _ => flattened_union(inner),
        };
        if union.is_some() {
            assert!(
                found.is_none(),
                "an object can flatten only one enum; put the other into a separate field"
            );
            found = union;
        }
    }
    found
}
