//! Rules of a tool that look at several of its parts at once.

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::{ReturnType, Safety};

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
    external(tool, cx);
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
    if !tool.is_external() && tool.function.has_no_body() {
        cx.error(
            &sig.ident,
            "a tool without a body; write `{ ... }`, or `#[tool(external)]` if its results come from elsewhere",
        );
    }
}

/// An external tool is a name and its arguments: nothing of it runs.
fn external(tool: &Tool<'_>, cx: &Errors) {
    let (keys, sig) = (&tool.keys, &tool.function.sig);
    if !tool.is_external() {
        return;
    }
    if !tool.function.has_no_body() {
        cx.error(
            &tool.function.body,
            "the result of an external tool is provided to the run, so this would never run; write `;` in its place",
        );
    }
    if let Some(asyncness) = &sig.asyncness {
        cx.error(asyncness, "an external tool has nothing to await; remove `async`");
    }
    if let ReturnType::Type(_, ty) = &sig.output {
        cx.error(
            ty,
            "the result of an external tool is whatever is provided to the run; remove the type and its `->`",
        );
    }
    for param in &tool.params {
        if let Kind::Context(ty) = param.kind {
            cx.error(
                ty,
                "an external tool is not called by a run; remove this parameter",
            );
        }
    }
    let contradictions = [
        (
            keys.confirm.is_given(),
            keys.confirm.span(),
            "confirm",
            "whoever provides the result decides about it",
        ),
        (
            keys.timeout.is_given(),
            keys.timeout.span(),
            "timeout",
            "the run pauses for as long as it takes",
        ),
        (
            keys.retries.is_given(),
            keys.retries.span(),
            "retries",
            "there is nothing to call again",
        ),
        (
            keys.cache.is_given(),
            keys.cache.span(),
            "cache",
            "the result comes from elsewhere each time",
        ),
        (
            keys.blocking.is_given(),
            keys.blocking.span(),
            "blocking",
            "there is nothing to run",
        ),
    ];
    for (given, span, key, why) in contradictions {
        if given {
            cx.error_at(span, format_args!("{why}; keep one of `external` and `{key}`"));
        }
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
    let repeats = keys.read_only.is_given() || keys.idempotent.is_given();
    if keys.retries.is_given() && !repeats && !tool.is_external() {
        cx.error_at(
            keys.retries.span(),
            "a call that failed may have done half its work; say that it may be made again, with `idempotent` or `read_only`",
        );
    }
    if keys.cache.is_given() && !tool.is_external() {
        cached(tool, cx);
    }
    if keys.blocking.is_given()
        && !tool.is_external()
        && let Some(asyncness) = &tool.function.sig.asyncness
    {
        cx.error(
            asyncness,
            "`blocking` is for functions that block their thread; remove `async` here or `blocking` above",
        );
    }
}

/// A kept result stands for a call that is not made, for whoever asks next.
fn cached(tool: &Tool<'_>, cx: &Errors) {
    let keys = &tool.keys;
    if !keys.read_only.is_given() {
        cx.error_at(
            keys.cache.span(),
            "a call whose result is kept is not made, which is right for tools that only read; add `read_only`, or remove `cache`",
        );
    }
    if keys.confirm.is_given() {
        cx.error_at(
            keys.confirm.span(),
            "nobody can approve a call that is not made; keep one of `cache` and `confirm`",
        );
    }
    if let Some(receiver) = tool.receiver {
        cx.error(
            receiver,
            "kept results are shared by all runs, and those of a method depend on its `self`: one user would read another's; make it a function, or keep results in a field",
        );
    }
    for param in &tool.params {
        if let Kind::Context(ty) = param.kind {
            cx.error(
                ty,
                "kept results are shared by all runs, so they cannot depend on the run; remove this parameter or `cache`",
            );
        }
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
