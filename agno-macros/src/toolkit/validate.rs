//! Rules of a toolkit: of the block, of its names, and of what a method may not do that a function may.

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::{FnArg, GenericParam, Meta, ReceiverKind, Type};

use super::parse::{Block, is_tool, tool_attribute};
use crate::attr::Errors;
use crate::function::given_twice;
use crate::tool::model::Tool;
use crate::tool::param::{find, is_arg};
use crate::tool::validate;
use crate::variants::is_conditional;

/// Notes what is no toolkit or contradicts itself.
pub(crate) fn toolkit(block: &Block, tools: &[Tool<'_>], cx: &Errors) {
    if let Some((path, _)) = &block.of_trait {
        cx.error(
            path,
            "a toolkit is an `impl` block of a type's own methods; move the tools into `impl Type { ... }`",
        );
    }
    if tools.is_empty() && block.of_trait.is_none() {
        cx.error(
            &block.ty,
            "a toolkit without tools does nothing; put `#[tool]` on the methods that a model may call",
        );
    }
    if let Some(second) = given_twice(&block.attrs, "toolkit") {
        cx.error(second, "`#[toolkit]` is given twice; keep one");
    }
    for function in block
        .functions()
        .filter(|function| tool_attribute(function).is_none())
    {
        for input in &function.sig.inputs {
            let attrs = match input {
                FnArg::Typed(param) => &param.attrs,
                FnArg::Receiver(receiver) => &receiver.attrs,
            };
            if let Some(attr) = attrs.iter().find(|attr| is_arg(attr)) {
                cx.error(
                    attr,
                    "`#[arg]` on a method that no model calls; put `#[tool]` on the method, or remove it",
                );
            }
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for tool in tools {
        validate::tool(tool, cx);
        method(block, tool, cx);
        if is_conditional(&tool.function.attrs) {
            continue;
        }
        if names.contains(&tool.name.as_str()) {
            cx.error_at(
                tool.name_span(),
                format_args!(
                    "two tools of this toolkit are called `{}`; rename one of them: `#[tool(name = \"...\")]`",
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
                "tools of one turn run at the same time and share the toolkit; write `&self`, and a lock around what changes",
            );
        }
    }
    if tool.keys.blocking.is_given() {
        cx.error_at(
            tool.keys.blocking.span(),
            "a method borrows `self` and cannot move to another thread; write a function with `#[tool(blocking)]`, or `async` with `tokio::task::spawn_blocking` inside",
        );
    }
    if tool.keys.krate.is_given() {
        cx.error_at(
            tool.keys.krate.span(),
            "`crate` is the toolkit's to say; write `#[toolkit(crate = path)]`",
        );
    }
    if let Some(attr) = tool.function.attrs.iter().filter(|attr| is_tool(attr)).nth(1) {
        cx.error(attr, "`#[tool]` is given twice; keep one");
    }
    for attr in tool.function.attrs.iter().filter(|attr| is_tool(attr)) {
        if let Meta::NameValue(_) = attr.meta {
            cx.error(&attr.meta, "expected a list; write `#[tool(read_only)]`");
        }
    }
    for argument in tool.arguments() {
        let own = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == "Self");
        if let Some(span) = find(argument.ty.to_token_stream(), &own) {
            cx.error_at(
                span,
                "the schema of an argument stands outside of the `impl` block, where `Self` means nothing; name the type",
            );
        }
        for parameter in &block.generics.params {
            let parameter = match parameter {
                GenericParam::Type(parameter) => &parameter.ident,
                GenericParam::Const(parameter) => &parameter.ident,
                GenericParam::Lifetime(_) => continue,
            };
            let generic = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == parameter);
            if let Some(span) = find(argument.ty.to_token_stream(), &generic) {
                cx.error_at(
                    span,
                    format_args!(
                        "`{parameter}` can be any type, but what the model is told is one constant; name a type"
                    ),
                );
            }
        }
    }
}
