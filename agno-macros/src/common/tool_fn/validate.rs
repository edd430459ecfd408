//! Checks the rules that involve several parts of a tool.

use quote::ToTokens;
use syn::{ReturnType, Safety};

use super::model::{ParamKind, Tool};
use super::param_type::ArgumentKind;
use super::parse::DefaultValue;
use crate::common::Errors;
use crate::common::cfg::is_conditional;
use crate::common::tokens::find_punct;

/// Maximum number of arguments: the capacity of the set in which the reader marks the arguments that it has read.
const MAX_ARGUMENTS: usize = 128;

/// Reports contradictory options and functions that cannot be tools.
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

/// Checks an external tool, which has a name and arguments but no code to run.
fn external(tool: &Tool<'_>, cx: &Errors) {
    let (attr, sig) = (&tool.attr, &tool.function.sig);
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
        if let ParamKind::Context(ty) = param.kind {
            cx.error(
                ty,
                "an external tool is not called by a run; remove this parameter",
            );
        }
    }
    let contradictions = [
        (
            attr.approval.is_set(),
            attr.approval.span(),
            "approval",
            "whoever provides the result decides about it",
        ),
        (
            attr.timeout.is_set(),
            attr.timeout.span(),
            "timeout",
            "the run pauses for as long as it takes",
        ),
        (
            attr.retries.is_set(),
            attr.retries.span(),
            "retries",
            "there is nothing to call again",
        ),
        (
            attr.cache.is_set(),
            attr.cache.span(),
            "cache",
            "the result comes from elsewhere each time",
        ),
        (
            attr.blocking.is_set(),
            attr.blocking.span(),
            "blocking",
            "there is nothing to run",
        ),
    ];
    for (is_set, span, key, reason) in contradictions {
        if is_set {
            cx.error_at(span, format_args!("{reason}; keep one of `external` and `{key}`"));
        }
    }
}

fn flags(tool: &Tool<'_>, cx: &Errors) {
    let attr = &tool.attr;
    if attr.read_only.is_set() && attr.destructive.is_set() {
        cx.error_at(
            attr.destructive.span(),
            "what only reads destroys nothing; keep one of `read_only` and `destructive`",
        );
    }
    let repeats = attr.read_only.is_set() || attr.idempotent.is_set();
    if attr.retries.is_set() && !repeats && !tool.is_external() {
        cx.error_at(
            attr.retries.span(),
            "a call that failed may have done half its work; say that it may be made again, with `idempotent` or `read_only`",
        );
    }
    if attr.cache.is_set() && !tool.is_external() {
        cached(tool, cx);
    }
    if attr.blocking.is_set()
        && !tool.is_external()
        && let Some(asyncness) = &tool.function.sig.asyncness
    {
        cx.error(
            asyncness,
            "`blocking` is for functions that block their thread; remove `async` here or `blocking` above",
        );
    }
}

/// Checks a tool with `cache`, whose stored results replace later calls in every run.
fn cached(tool: &Tool<'_>, cx: &Errors) {
    let attr = &tool.attr;
    if !attr.read_only.is_set() {
        cx.error_at(
            attr.cache.span(),
            "a call whose result is kept is not made, which is right for tools that only read; add `read_only`, or remove `cache`",
        );
    }
    if attr.approval.is_set() {
        cx.error_at(
            attr.approval.span(),
            "nobody can approve a call that is not made; keep one of `cache` and `approval`",
        );
    }
    if let Some(receiver) = tool.receiver {
        cx.error(
            receiver,
            "kept results are shared by all runs, and those of a method depend on its `self`: one user would read another's; make it a function, or keep results in a field",
        );
    }
    for param in &tool.params {
        if let ParamKind::Context(ty) = param.kind {
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
        if let ParamKind::Argument(argument) = &param.kind
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
    for (index, argument) in tool.arguments().enumerate() {
        if index == MAX_ARGUMENTS {
            cx.error_at(
                argument.name_span,
                format_args!(
                    "more than {MAX_ARGUMENTS} arguments; put them into a struct with `#[derive(Schema, Deserialize)]`"
                ),
            );
        }
        argument.schema.validate_literals(cx);
        if let (ArgumentKind::OptionalText, Some(DefaultValue::OfType)) =
            (&argument.kind, argument.default.get())
        {
            cx.error_at(
                argument.default.span(),
                "an `Option` is `None` when it is not given; remove `default`",
            );
        }
        if tool.is_blocking()
            && let ArgumentKind::Owned(ty) | ArgumentKind::Borrowed(ty) | ArgumentKind::Slice(ty) =
                &argument.kind
            && let Some(span) = find_punct(ty.to_token_stream(), '\'')
        {
            cx.error_at(
                span,
                "a blocking tool works on another thread and cannot borrow this; take an owned type",
            );
        }
    }
}
