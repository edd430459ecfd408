//! Validates a toolkit: the block, the names of the tools, and the methods, which support fewer options than functions.

use quote::ToTokens;
use syn::{GenericParam, Meta, ReceiverKind, Type};

use super::model::{Toolkit, is_tool};
use super::parse::Block;
use crate::common::Errors;
use crate::common::cfg::is_conditional;
use crate::common::function::parameter_attrs;
use crate::common::item::{duplicate_attribute, is_arg};
use crate::common::tokens::find_ident;
use crate::common::tool_fn::{self, Tool};

/// Reports contradictory options, and blocks that cannot be toolkits.
pub(super) fn toolkit(toolkit: &Toolkit<'_>, cx: &Errors) {
    let block = toolkit.block;
    if let Some((path, _)) = &block.trait_path {
        cx.error(
            path,
            "a toolkit cannot implement a trait; move the tools into `impl Type { ... }`",
        );
    }
    if toolkit.tools().next().is_none() && !toolkit.has_incomplete_tool() && block.trait_path.is_none() {
        cx.error(
            &block.ty,
            "the toolkit has no tools; add `#[tool]` to the methods that a model may call",
        );
    }
    if let Some(second) = duplicate_attribute(&block.attrs, "toolkit") {
        cx.error(second, "duplicate `#[toolkit]`; remove one");
    }
    for function in toolkit.other_functions() {
        for input in &function.sig.inputs {
            if let Some(attr) = parameter_attrs(input).iter().find(|attr| is_arg(attr)) {
                cx.error(
                    attr,
                    "`#[arg]` applies to tools only; add `#[tool]` to the method, or remove `#[arg]`",
                );
            }
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for tool in toolkit.tools() {
        tool_fn::validate(tool, cx);
        method(block, tool, cx);
        if is_conditional(&tool.function.attrs) {
            continue;
        }
        if names.contains(&tool.name.as_str()) {
            cx.error_at(
                tool.name_span(),
                format_args!(
                    "two tools of this toolkit are named `{}`; rename one of them: `#[tool(name = \"...\")]`",
                    tool.name
                ),
            );
        }
        names.push(&tool.name);
    }
}

fn method(block: &Block, tool: &Tool<'_>, cx: &Errors) {
    if let Some(receiver) = tool.receiver {
        let shared = match &receiver.kind {
            ReceiverKind::Reference(_, _, mutability) => mutability.is_none(),
            ReceiverKind::Typed(_, ty) => {
                matches!(&**ty, Type::Reference(reference) if reference.mutability.is_none())
            }
            _ => false,
        };
        if !shared {
            cx.error(
                receiver,
                "tools run concurrently and share the toolkit; write `&self`, and put state that changes behind a lock",
            );
        }
    }
    if tool.attr.blocking.is_set() {
        cx.error_at(
            tool.attr.blocking.span(),
            "a method borrows `self` and cannot move to another thread; use a function with `#[tool(blocking)]`, or call `tokio::task::spawn_blocking` in an `async` method",
        );
    }
    if tool.attr.krate.is_set() {
        cx.error_at(
            tool.attr.krate.span(),
            "`crate` applies to the whole toolkit; write `#[toolkit(crate = path)]`",
        );
    }
    if let Some(attr) = tool.function.attrs.iter().filter(|attr| is_tool(attr)).nth(1) {
        cx.error(attr, "duplicate `#[tool]`; remove one");
    }
    for attr in tool.function.attrs.iter().filter(|attr| is_tool(attr)) {
        if let Meta::NameValue(_) = attr.meta {
            cx.error(&attr.meta, "expected a list; write `#[tool(read_only)]`");
        }
    }
    for argument in tool.arguments() {
        if let Some(span) = find_ident(argument.ty.to_token_stream(), "Self") {
            cx.error_at(
                span,
                "the schema of an argument is generated outside the `impl` block, where `Self` is not available; write the name of the type",
            );
        }
        for parameter in &block.generics.params {
            let (kind, parameter) = match parameter {
                GenericParam::Type(parameter) => ("type", &parameter.ident),
                GenericParam::Const(parameter) => ("const", &parameter.ident),
                GenericParam::Lifetime(_) => continue,
            };
            if let Some(span) = find_ident(argument.ty.to_token_stream(), &parameter.to_string()) {
                cx.error_at(
                    span,
                    format_args!(
                        "an argument cannot depend on the {kind} parameter `{parameter}`, because its schema is a constant; use a concrete type"
                    ),
                );
            }
        }
    }
}
