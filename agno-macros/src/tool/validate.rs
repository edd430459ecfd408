//! Validates a `#[tool]` function: the rules shared by all tools, and that it is not a method.

use super::model::ToolFunction;
use crate::common::{Errors, tool_fn};

/// Reports contradictory options and functions that cannot be tools.
pub(super) fn tool(function: &ToolFunction<'_>, cx: &Errors) {
    tool_fn::validate(&function.tool, cx);
    if let Some(receiver) = function.tool.receiver {
        cx.error(
            receiver,
            "a tool with `self` requires a toolkit; add `#[toolkit]` to the `impl` block",
        );
    }
    if let Some(span) = function.self_type {
        cx.error_at(
            span,
            "a tool that names `Self` requires a toolkit; add `#[toolkit]` to the `impl` block",
        );
    }
}
