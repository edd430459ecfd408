//! Rules of a tool that look at several of its parts at once.

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::Safety;

use super::model::Tool;
use super::param::{Default, Form, Kind, find};
use crate::attr::Errors;
use crate::schema::validate::breaks;
use crate::variants::is_conditional;

/// More arguments than this do not fit the set of those that were read, nor any model's attention.
const MOST: usize = 128;

/// Notes what contradicts itself or cannot be a tool.
pub(crate) fn tool(tool: &Tool<'_>, cx: &Errors) {
    signature(tool, cx);
    flags(tool, cx);
    arguments(tool, cx);
}

fn signature(tool: &Tool<'_>, cx: &Errors) {
    let sig = &tool.function.sig;
    if let Some(constness) = &sig.constness {
        cx.error(constness, "a tool runs when a model calls it; remove `const`");
    }
    match &sig.safety {
        Safety::Unsafe(unsafety) => cx.error(
            unsafety,
            "nothing a model sends can be trusted to keep an unsafe contract; make a safe function around it",
        ),
        Safety::Safe(safe) => cx.error(safe, "`safe` belongs into an `extern` block; remove it"),
        Safety::Default => {}
    }
    if let Some(abi) = &sig.abi {
        cx.error(abi, "a tool is a Rust function; remove the ABI");
    }
    if let Some(variadic) = &sig.variadic {
        cx.error(variadic, "a model sends a fixed list of arguments; name each");
    }
    if !sig.generics.params.is_empty() {
        cx.error(
            &sig.generics.params,
            "a tool has one schema, so it cannot be generic; name the types and leave lifetimes out",
        );
    } else if let Some(bounds) = &sig.generics.where_clause {
        cx.error(
            bounds,
            "a tool cannot be generic, so there is nothing to bound; remove it",
        );
    }
    if tool.function.body.to_string() == ";" {
        cx.error(&sig.ident, "a tool without a body; write `{ ... }`");
    }
}

fn flags(tool: &Tool<'_>, cx: &Errors) {
    let keys = &tool.keys;
    if keys.read_only.is_given() && keys.destructive.is_given() {
        cx.error_at(
            keys.destructive.span(),
            "what only reads destroys nothing; keep one of `read_only` and `destructive`",
        );
    }
    if keys.blocking.is_given()
        && let Some(asyncness) = &tool.function.sig.asyncness
    {
        cx.error(
            asyncness,
            "`blocking` is for functions that block their thread; remove `async` here or `blocking` above",
        );
    }
}

fn arguments(tool: &Tool<'_>, cx: &Errors) {
    let mut names: Vec<&str> = Vec::new();
    for param in &tool.params {
        if let Kind::Argument(argument) = &param.kind
            && !is_conditional(param.attrs)
        {
            if names.contains(&argument.name.as_str()) {
                cx.error_at(
                    argument.name_span,
                    format_args!("two arguments are called `{}`; rename one", argument.name),
                );
            }
            names.push(&argument.name);
        }
    }
    for (at, argument) in tool.arguments().enumerate() {
        if at == MOST {
            cx.error_at(
                argument.name_span,
                format_args!(
                    "more than {MOST} arguments; put them into a struct with `#[derive(Schema, Deserialize)]`"
                ),
            );
        }
        for literal in argument.words.examples.iter().chain(argument.words.default.get()) {
            if let Some(problem) = breaks(literal, &argument.words) {
                cx.error(&literal.expr, problem);
            }
        }
        if let (Form::OptionalText, Some(Default::OfType)) = (&argument.form, argument.default.get()) {
            cx.error_at(
                argument.default.span(),
                "an `Option` is `None` when it is not given; remove `default`",
            );
        }
        if tool.is_blocking()
            && let Form::Owned(ty) | Form::Borrowed(ty) | Form::Slice(ty) = &argument.form
            && let Some(span) = find(
                ty.to_token_stream(),
                &|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '\''),
            )
        {
            cx.error_at(
                span,
                "a blocking tool works on another thread and cannot borrow this; take an owned type",
            );
        }
    }
}
