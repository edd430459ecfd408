//! Validates a `#[tool]` function: the rules shared by all tools, and that it is not a method.

use super::model::ToolFunction;
use crate::common::{Errors, tool_fn};

/// Reports contradictory options and functions that cannot be tools.
pub(super) fn tool(function: &ToolFunction<'_>, cx: &Errors) {
    tool_fn::validate(&function.tool, cx);
    if let Some(receiver) = function.tool.receiver {
        cx.error(
            receiver,
            "`self` needs a toolkit; put `#[toolkit]` on the `impl` block around the method",
        );
    }
    if let Some(span) = function.self_type {
        cx.error_at(
            span,
            "`Self` needs a toolkit; put `#[toolkit]` on the `impl` block around the function",
        );
    }
}
