//! Checks the rules that involve several parts of an agent.

use proc_macro2::{Ident, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Expr, ExprLit, ExprPath, GenericParam, ItemStruct, Lit, Member, Type};

use super::entry_list::{ListEntry, Source};
use super::model::Agent;
use super::tool_list::ToolSource;
use crate::common::tokens::{find, find_ident};
use crate::common::{Errors, closest};

/// Reports contradictory keys, unsupported output types, and unknown fields in `tools`.
pub(super) fn agent(agent: &Agent<'_>, cx: &Errors) {
    let attr = agent.attr;
    if attr.instructions.is_set() && attr.instructions_file.is_set() {
        cx.error_at(
            attr.instructions_file.span(),
            "`instructions` and `instructions_file` are mutually exclusive; keep one",
        );
    }
    if attr.max_output_retries.is_set() && !attr.output.is_set() {
        cx.error_at(
            attr.max_output_retries.span(),
            "`max_output_retries` requires `output`; remove it, or add `output = Trip`",
        );
    }
    if attr.schemars.is_set() && !attr.output.is_set() {
        cx.error_at(
            attr.schemars.span(),
            "`schemars` requires `output`; add `output = Trip`, or remove it",
        );
    }
    if let Some(output) = &agent.output {
        for error in constant_type_errors(agent.item, output.ty, "output", "the reply") {
            cx.push(error);
        }
    }
    if let Some(input) = attr.input.get() {
        for error in constant_type_errors(agent.item, input, "input", "the arguments") {
            cx.push(error);
        }
    }
    for source in agent.tools() {
        match source {
            ToolSource::Field { first, .. } => field(agent.item, first, "a tool", cx),
            ToolSource::Path(path) => tool_path(agent.item, path, cx),
            ToolSource::SelfToolkit(_) => {}
        }
    }
    let lists = [(&attr.agents, "an agent"), (&attr.context, "a provider")];
    for (list, kind) in lists {
        for ListEntry { source, .. } in list.get().into_iter().flatten() {
            if let Source::Field(member) = source {
                field(agent.item, member, kind, cx);
            }
        }
    }
    let members = agent.members.iter();
    unique_names(
        members.map(|member| (member.name.as_str(), member.source)),
        "agents",
        cx,
    );
    let context = agent.context.iter();
    unique_names(
        context.map(|entry| (entry.name.as_str(), entry.source)),
        "providers",
        cx,
    );
    if let (Some(total), Some(turns)) = (literal(attr.max_total_turns.get()), literal(attr.max_turns.get()))
        && total < turns
    {
        cx.error_at(
            attr.max_total_turns.span(),
            format_args!(
                "`max_total_turns` includes the requests of the agent itself, so it cannot be less than `max_turns`; write `max_total_turns = {turns}` or more"
            ),
        );
    }
}

/// Reports entries of a list that have the same name. `kind` is the kind of the entries.
fn unique_names<'a>(entries: impl Iterator<Item = (&'a str, &'a Source)>, kind: &str, cx: &Errors) {
    let mut known = Vec::new();
    for (name, source) in entries.filter(|(name, _)| !name.is_empty()) {
        if known.contains(&name) {
            let entry = source.text();
            cx.error_at(
                source.span(),
                format_args!(
                    "two {kind} are named `{name}`; remove one, or rename it: `{entry}(name = \"...\")`"
                ),
            );
        }
        known.push(name);
    }
}

fn literal(expr: Option<&Expr>) -> Option<u32> {
    match expr? {
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) => number.base10_parse().ok(),
        _ => None,
    }
}

/// Returns the errors for the type of a key that borrows from `text`, or that depends on type or const parameters. The
/// schema of the type must be a single constant.
pub(super) fn constant_type_errors(item: &ItemStruct, ty: &Type, key: &str, text: &str) -> Vec<syn::Error> {
    let mut errors = Vec::new();
    for parameter in &item.generics.params {
        let (kind, ident) = match parameter {
            GenericParam::Type(parameter) => ("type", &parameter.ident),
            GenericParam::Const(parameter) => ("const", &parameter.ident),
            GenericParam::Lifetime(_) => continue,
        };
        if let Some(span) = find_ident(ty.to_token_stream(), &ident.to_string()) {
            errors.push(syn::Error::new(
                span,
                format_args!(
                    "`{key}` cannot depend on the {kind} parameter `{ident}`, because its schema is a constant; use a concrete type"
                ),
            ));
        }
    }
    let borrows =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '&' | '\''));
    if let Some(span) = find(ty.to_token_stream(), &borrows) {
        errors.push(syn::Error::new(
            span,
            format_args!(
                "`{key}` cannot borrow from {text}; use an owned type: `String` for `&str`, no lifetimes"
            ),
        ));
    }
    errors
}

/// Checks that the struct has the field that an entry names. `kind` is the kind of the entry.
fn field(item: &ItemStruct, member: &Member, kind: &str, cx: &Errors) {
    let names: Vec<String> = item.fields.members().map(|member| name(&member)).collect();
    let name = name(member);
    if names.contains(&name) {
        return;
    }
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    match closest(&name, &known) {
        Some(suggestion) => cx.error(
            member,
            format_args!("the struct has no field `{name}`; did you mean `self.{suggestion}`?"),
        ),
        None => cx.error(
            member,
            format_args!("the struct has no field `{name}`; add it, or name {kind} by its path"),
        ),
    }
}

/// Reports a path in `tools` that is a method, or that has the name of a field whose type may be a toolkit. A tool with the
/// name of such a field requires a longer path.
fn tool_path(item: &ItemStruct, path: &ExprPath, cx: &Errors) {
    let names: Vec<_> = path.path.segments.iter().map(|segment| &segment.ident).collect();
    match names.as_slice() {
        [name] => {
            let mut fields = item.fields.iter();
            if fields.any(|field| field.ident.as_ref() == Some(name) && may_have_tools(&field.ty)) {
                cx.error(
                    path,
                    format_args!(
                        "`{name}` is a field of the struct; write `self.{name}`, or `self::{name}` for a tool with this name"
                    ),
                );
            }
        }
        [.., kit, method] if starts_upper(kit) && !starts_upper(method) => {
            let fix = match *kit == "Self" || **kit == item.ident {
                true => "write `self`".to_owned(),
                false => format!("write `{kit}`, or `self.field` for a field of this type"),
            };
            cx.error(
                path,
                format_args!(
                    "a method is not an entry of `tools`; annotate its `impl` block with `#[toolkit]`, and {fix}"
                ),
            );
        }
        _ => {}
    }
}

/// Returns `false` for the types of ordinary data, such as `&str` and `u8`, and for types that are not paths.
fn may_have_tools(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => may_have_tools(&reference.elem),
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| starts_upper(&last.ident) && last.ident != "String"),
        _ => false,
    }
}

fn starts_upper(name: &Ident) -> bool {
    name.unraw().to_string().starts_with(char::is_uppercase)
}

fn name(member: &Member) -> String {
    match member {
        Member::Named(ident) => ident.to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}
