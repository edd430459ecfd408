//! Parses `#[tool(..)]` and the annotated function.

use proc_macro2::TokenStream;

use crate::common::Errors;
use crate::common::function::Function;
use crate::common::item::{duplicate_attribute, has_keyword, unexpected_item};
use crate::common::tool_fn::ToolAttr;

/// Parses the item, which must be a function.
pub(super) fn function(item: &TokenStream) -> syn::Result<Function> {
    syn::parse2(item.clone()).map_err(|error| {
        if has_keyword(item, "fn") {
            return error;
        }
        if has_keyword(item, "impl") {
            return unexpected_item(
                item,
                "`#[tool]` applies to a function; write `#[toolkit]` on the `impl` block, and `#[tool]` on its methods",
            );
        }
        unexpected_item(
            item,
            "`#[tool]` applies to a function; write `#[tool] async fn name(..) -> .. { .. }`, or implement `agno::tool::Tool` for a type",
        )
    })
}

/// Parses the attribute, and reports a duplicate `#[tool]`.
pub(super) fn attribute(tokens: TokenStream, function: &Function, cx: &Errors) -> ToolAttr {
    let attr = ToolAttr::parse(tokens, cx);
    if let Some(second) = duplicate_attribute(&function.attrs, "tool") {
        cx.error(second, "duplicate `#[tool]`; remove one");
    }
    attr
}
