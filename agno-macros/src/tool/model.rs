//! The model of a function annotated with `#[tool]`, with defaults for the keys that the attribute omits.

use proc_macro2::Span;
use quote::ToTokens;
use syn::Path;

use crate::common::function::Function;
use crate::common::tokens::find_ident;
use crate::common::tool_fn::{Tool, ToolAttr};
use crate::common::{Errors, default_crate_path};

/// A function annotated with `#[tool]`.
pub(super) struct ToolFunction<'a> {
    pub(super) tool: Tool<'a>,
    pub(super) krate: Path,
    /// The span of `Self` if it occurs in the signature of a function without `self`.
    pub(super) self_type: Option<Span>,
}

impl<'a> ToolFunction<'a> {
    pub(super) fn new(function: &'a Function, attr: ToolAttr, cx: &Errors) -> Self {
        let krate = attr.krate.get().cloned().unwrap_or_else(default_crate_path);
        let tool = Tool::new(function, attr, cx);
        let self_type = match tool.receiver {
            Some(_) => None,
            None => find_ident(function.sig.to_token_stream(), "Self"),
        };
        Self {
            tool,
            krate,
            self_type,
        }
    }

    /// Returns `true` if the function must be in an `impl` block.
    pub(super) fn is_method(&self) -> bool {
        self.tool.receiver.is_some() || self.self_type.is_some()
    }
}
