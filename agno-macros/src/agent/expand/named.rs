//! Generates the entry of a tool that is named by its path.
//!
//! A tool is a struct with the name of its function. For a function without `#[tool]`, the expression
//! `crate::tools::weather {}` is an error that does not mention `#[tool]`, and no attribute can change it. The expansion
//! therefore imports the path under another name: `use crate::tools::weather as __Tool`. An import succeeds if the path is a function or a struct. If it is only a
//! function, the struct `__Tool` is the one that the surrounding block imports, `PlainFunction`, whose method `tools` has a
//! bound that fails with a message about `#[tool]`.
//!
//! A path that starts with another name is not imported: if a dependency has the same name, such as `time`, the import
//! would be ambiguous. Neither a type, a generic argument nor a macro with the name gives a better message than the
//! expression. A second name that only `#[tool]` creates would have to be imported together with the tool.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{ExprPath, PathArguments};

/// Generates the tools of a path. All tokens have the span of the path, so that errors are reported there.
pub(super) fn named(path: &ExprPath, span: Span) -> TokenStream {
    let tools = Ident::new("tools", span);
    if !can_import(path) {
        return quote_spanned!(span=> __agno::ToolPath(#path {}).#tools());
    }
    let name = Ident::new("__Tool", span);
    let import = quote_spanned! {Span::call_site().located_at(span)=>
        #[allow(deprecated, unused_imports)]
        use #path as #name;
    };
    let value = quote_spanned!(span=> __agno::ToolPath(#name {}).#tools());
    quote!({ #import #value })
}

/// Returns `true` if a path can be imported: it starts at a module, has no generic arguments, and does not depend on a type.
fn can_import(path: &ExprPath) -> bool {
    let segments = &path.path.segments;
    path.qself.is_none()
        && segments.len() > 1
        && (path.path.leading_colon.is_some() || starts_at_module(path))
        && segments
            .iter()
            .all(|segment| matches!(segment.arguments, PathArguments::None))
}

fn starts_at_module(path: &ExprPath) -> bool {
    let starts = ["crate", "self", "super"];
    let first = path.path.segments.first();
    first.is_some_and(|first| starts.iter().any(|start| first.ident == start))
}
