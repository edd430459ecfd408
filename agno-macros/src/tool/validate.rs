//! Validates `#[tool]` functions. Applies the rules shared by all tools, and rejects methods.

use super::model::ToolFunction;
use crate::common::{Errors, tool_fn};

/// Reports contradictory options, and functions that cannot be tools.
pub(super) fn tool(function: &ToolFunction<'_>, cx: &Errors) {
    tool_fn::validate(&function.tool, cx);
    if let Some(receiver) = function.tool.receiver {
        cx.error(
            receiver,
            "a tool that takes `self` must be in a toolkit; add `#[toolkit]` to the `impl` block",
        );
    }
    if let Some(span) = function.self_type {
        cx.error_at(
            span,
            "a tool that uses `Self` must be in a toolkit; add `#[toolkit]` to the `impl` block",
        );
    }
}
