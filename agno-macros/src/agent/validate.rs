//! Rules of an agent that look at several of its parts at once.

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::{GenericParam, ItemStruct, Member, Type};

use super::keys::Keys;
use super::tools::Entry;
use crate::attr::{Errors, closest};
use crate::tool::param::find;

/// Notes what contradicts itself or cannot be known when the program compiles.
pub(crate) fn agent(item: &ItemStruct, keys: &Keys, cx: &Errors) {
    if keys.instructions.is_given() && keys.instructions_file.is_given() {
        cx.error_at(
            keys.instructions_file.span(),
            "instructions are a text or a file; keep one of `instructions` and `instructions_file`",
        );
    }
    if keys.max_output_retries.is_given() && !keys.output.is_given() {
        cx.error_at(
            keys.max_output_retries.span(),
            "without `output` every answer fits; remove `max_output_retries`",
        );
    }
    if keys.schemars.is_given() && !keys.output.is_given() {
        cx.error_at(
            keys.schemars.span(),
            "`schemars` says where the schema of the output is from; add `output = Trip`, or remove it",
        );
    }
    if let Some(ty) = keys.output.get() {
        output(item, ty, cx);
    }
    for entry in keys.tools.get().into_iter().flatten() {
        if let Entry::Field { first, .. } = entry {
            field(item, first, cx);
        }
    }
}

/// Whether an output is nothing that [`agent`] refuses.
pub(crate) fn output_is_constant(item: &ItemStruct, ty: &Type) -> bool {
    let cx = Errors::new();
    output(item, ty, &cx);
    cx.finish().is_ok()
}

/// The declaration of the output is one constant: it cannot depend on what the agent is given.
fn output(item: &ItemStruct, output: &Type, cx: &Errors) {
    for parameter in &item.generics.params {
        let (name, span) = match parameter {
            GenericParam::Type(parameter) => {
                let wanted =
                    |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if *ident == parameter.ident);
                (
                    parameter.ident.to_string(),
                    find(output.to_token_stream(), &wanted),
                )
            }
            GenericParam::Const(parameter) => {
                let wanted =
                    |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if *ident == parameter.ident);
                (
                    parameter.ident.to_string(),
                    find(output.to_token_stream(), &wanted),
                )
            }
            GenericParam::Lifetime(_) => continue,
        };
        if let Some(span) = span {
            cx.error_at(
                span,
                format_args!(
                    "`{name}` can be any type, but what the model is told is one constant; name a type"
                ),
            );
        }
    }
    let borrows =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '&' | '\''));
    if let Some(span) = find(output.to_token_stream(), &borrows) {
        cx.error_at(
            span,
            "an output outlives the reply it was read from; own it: `String` for `&str`, no lifetimes",
        );
    }
}

/// A field that the struct has.
fn field(item: &ItemStruct, wanted: &Member, cx: &Errors) {
    if item.fields.members().any(|member| member == *wanted) {
        return;
    }
    let text = |member: &Member| match member {
        Member::Named(ident) => ident.to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    };
    let name = text(wanted);
    let known: Vec<String> = item.fields.members().map(|member| text(&member)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    match closest(&name, &known) {
        Some(meant) => cx.error(
            wanted,
            format_args!("the struct has no field `{name}`; did you mean `self.{meant}`?"),
        ),
        None => cx.error(
            wanted,
            format_args!("the struct has no field `{name}`; add it, or name a tool by its path"),
        ),
    }
}
