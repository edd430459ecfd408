//! Checks the rules that involve several parts of an agent.

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::{GenericParam, ItemStruct, Member, Type};

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
        for error in output_errors(agent.item, output.ty) {
            cx.push(error);
        }
    }
    for source in agent.tools() {
        if let ToolSource::Field { first, .. } = source {
            field(agent.item, first, cx);
        }
    }
}

/// Returns the errors for an output type that borrows from the reply, or that depends on type or const parameters. The
/// schema of an output must be a single constant.
pub(super) fn output_errors(item: &ItemStruct, output: &Type) -> Vec<syn::Error> {
    let mut errors = Vec::new();
    for parameter in &item.generics.params {
        let (kind, ident) = match parameter {
            GenericParam::Type(parameter) => ("type", &parameter.ident),
            GenericParam::Const(parameter) => ("const", &parameter.ident),
            GenericParam::Lifetime(_) => continue,
        };
        if let Some(span) = find_ident(output.to_token_stream(), &ident.to_string()) {
            errors.push(syn::Error::new(
                span,
                format_args!(
                    "`output` cannot depend on the {kind} parameter `{ident}`, because its schema is a constant; use a concrete type"
                ),
            ));
        }
    }
    let borrows =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '&' | '\''));
    if let Some(span) = find(output.to_token_stream(), &borrows) {
        errors.push(syn::Error::new(
            span,
            "`output` cannot borrow from the reply; use an owned type: `String` for `&str`, no lifetimes",
        ));
    }
    errors
}

/// Checks that the struct has the field that a tool source names.
fn field(item: &ItemStruct, member: &Member, cx: &Errors) {
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
            format_args!("the struct has no field `{name}`; add it, or name a tool by its path"),
        ),
    }
}

fn name(member: &Member) -> String {
    match member {
        Member::Named(ident) => ident.to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}
