//! Checks the rules that involve several parts of a tool.

use quote::ToTokens;
use syn::{GenericParam, ReturnType, Safety, Type};

use super::model::{ParamKind, Tool};
use super::param_type::ArgumentKind;
use super::parse::DefaultValue;
use crate::common::Errors;
use crate::common::cfg::is_conditional;
use crate::common::tokens::find_punct;

/// Maximum number of arguments. During decoding, a set with this capacity records the arguments found so far.
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
    if let ReturnType::Type(_, ty) = &sig.output
        && matches!(**ty, Type::Never(_))
        && !tool.is_external()
    {
        cx.error(
            ty,
            "a tool that never returns has no result for the model; write the type of its result, or remove `-> !`",
        );
    }
    if let Some(span) = tool.function.ambiguous_borrow() {
        cx.error_at(
            span,
            "the compiler cannot infer which argument the result borrows from; return an owned type, such as `String`",
        );
    }
    if let Some(constness) = &sig.constness {
        cx.error(
            constness,
            "a tool cannot be `const`, because it runs when a model calls it; remove `const`",
        );
    }
    match &sig.safety {
        Safety::Unsafe(unsafety) => cx.error(
            unsafety,
            "a tool cannot be `unsafe`, because a model cannot uphold a safety contract; wrap it in a safe function",
        ),
        Safety::Safe(safe) => cx.error(safe, "`safe` is valid only in an `extern` block; remove it"),
        Safety::Default => {}
    }
    if let Some(abi) = &sig.abi {
        cx.error(abi, "a tool cannot have an explicit ABI; remove it");
    }
    if let Some(variadic) = &sig.variadic {
        cx.error(variadic, "a tool cannot be variadic; declare each argument");
    }
    let only_lifetimes = sig
        .generics
        .params
        .iter()
        .all(|parameter| matches!(parameter, GenericParam::Lifetime(_)));
    if !sig.generics.params.is_empty() && only_lifetimes {
        cx.error(
            &sig.generics.params,
            "a tool cannot have lifetime parameters, because its arguments borrow from the call; omit the lifetimes, and return an owned type, such as `String`",
        );
    } else if !sig.generics.params.is_empty() {
        cx.error(
            &sig.generics.params,
            "a tool cannot be generic, because its schema is a constant; use concrete types and omit lifetimes",
        );
    } else if let Some(bounds) = &sig.generics.where_clause {
        cx.error(bounds, "a tool cannot be generic; remove the `where` clause");
    }
    if !tool.is_external() && tool.function.has_no_body() {
        cx.error(
            &sig.ident,
            "a tool requires a body; write `{ ... }`, or `#[tool(external)]` if the caller of the run provides its result",
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
            "an external tool has no body, because its result is provided to the run; replace the body with `;`",
        );
    }
    if let Some(asyncness) = &sig.asyncness {
        cx.error(asyncness, "an external tool cannot be `async`; remove it");
    }
    if let ReturnType::Type(_, ty) = &sig.output {
        cx.error(
            ty,
            "an external tool has no return type, because its result is provided to the run; remove `->` and the type",
        );
    }
    for param in &tool.params {
        if let ParamKind::Context(ty) = param.kind {
            cx.error(
                ty,
                "an external tool does not receive the run context; remove this parameter",
            );
        }
    }
    let contradictions = [
        (
            attr.approval.is_set(),
            attr.approval.span(),
            "approval",
            "the caller that provides the result also approves the call",
        ),
        (
            attr.timeout.is_set(),
            attr.timeout.span(),
            "timeout",
            "the run pauses until the result is provided",
        ),
        (
            attr.retries.is_set(),
            attr.retries.span(),
            "retries",
            "an external call cannot be retried",
        ),
        (
            attr.cache.is_set(),
            attr.cache.span(),
            "cache",
            "a provided result is not cached",
        ),
        (
            attr.blocking.is_set(),
            attr.blocking.span(),
            "blocking",
            "an external tool runs no code",
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
            "a read-only tool is not destructive; keep one of `read_only` and `destructive`",
        );
    }
    let repeats = attr.read_only.is_set() || attr.idempotent.is_set();
    if attr.retries.is_set() && !repeats && !tool.is_external() {
        cx.error_at(
            attr.retries.span(),
            "`retries` requires a tool that is safe to call again; add `idempotent` or `read_only`",
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
            "`blocking` requires a synchronous function; remove `async` or `blocking`",
        );
    }
}

/// Checks a tool with `cache`, whose results are reused by later calls in every run.
fn cached(tool: &Tool<'_>, cx: &Errors) {
    let attr = &tool.attr;
    if !attr.read_only.is_set() {
        cx.error_at(
            attr.cache.span(),
            "`cache` requires `read_only`; add `read_only`, or remove `cache`",
        );
    }
    if attr.approval.is_set() {
        cx.error_at(
            attr.approval.span(),
            "a cached result would bypass the approval; keep one of `cache` and `approval`",
        );
    }
    if let Some(receiver) = tool.receiver {
        cx.error(
            receiver,
            "cached results are shared by all runs, but those of a method depend on `self`, so one user could read another user's data; use a function, or cache results in a field",
        );
    }
    for param in &tool.params {
        if let ParamKind::Context(ty) = param.kind {
            cx.error(
                ty,
                "cached results are shared by all runs, so they cannot depend on one run; remove this parameter or `cache`",
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
                    format_args!("two arguments are named `{}`; rename one", argument.name),
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
                    "more than {MAX_ARGUMENTS} arguments; group them in a struct with `#[derive(Schema, Deserialize)]`"
                ),
            );
        }
        argument.schema.validate_literals(cx);
        if let (ArgumentKind::OptionalText, Some(DefaultValue::OfType)) =
            (&argument.kind, argument.default.get())
        {
            cx.error_at(
                argument.default.span(),
                "an omitted `Option` is `None`; remove `default`",
            );
        }
        if tool.is_blocking()
            && let ArgumentKind::Owned(ty) | ArgumentKind::Borrowed(ty) | ArgumentKind::Slice(ty) =
                &argument.kind
            && let Some(span) = find_punct(ty.to_token_stream(), '\'')
        {
            cx.error_at(
                span,
                "a blocking tool runs on another thread and cannot borrow its arguments; use an owned type",
            );
        }
    }
}
