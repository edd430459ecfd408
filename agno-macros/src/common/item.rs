//! Helpers for annotated items: errors for items of the wrong kind, and support for items that do not parse yet.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Visibility};

/// Returns the error for an item of the wrong kind, at the item's keyword.
pub(crate) fn unexpected_item(item: &TokenStream, message: &str) -> syn::Error {
    let keyword = |input: ParseStream<'_>| -> syn::Result<Span> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let span = input.span();
        input.parse::<TokenStream>()?;
        Ok(span)
    };
    let span = keyword.parse2(item.clone()).unwrap_or_else(|_| Span::call_site());
    syn::Error::new(span, message)
}

/// Returns the name after a keyword in an item that does not parse, and `true` if the item may be generic. A stub with
/// this name prevents follow-up errors in the file while the item is being typed.
pub(crate) fn incomplete_item(item: &TokenStream, keyword: &str) -> Option<(Ident, bool)> {
    let mut tokens = item.clone().into_iter();
    tokens.find(|token| is_ident(token, keyword))?;
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        return None;
    };
    let generic = matches!(tokens.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '<');
    Some((name, generic))
}

/// Returns `true` if the keyword is among the item's outermost tokens.
pub(crate) fn has_keyword(item: &TokenStream, keyword: &str) -> bool {
    item.clone().into_iter().any(|token| is_ident(&token, keyword))
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

/// Returns a second attribute of the macro on the same item, if any. Each attribute would expand the complete item.
pub(crate) fn duplicate_attribute<'a>(attrs: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attrs.iter().find(|attr| is_macro(attr, name))
}

/// Returns `true` if an attribute is the macro with this name, with or without a crate name: `#[agno::tool]`.
pub(crate) fn is_macro(attr: &Attribute, name: &str) -> bool {
    let segments = &attr.path().segments;
    segments.len() <= 2 && segments.last().is_some_and(|last| last.ident == name)
}

/// Returns `true` for `#[arg(..)]`, which describes a parameter of a tool.
pub(crate) fn is_arg(attr: &Attribute) -> bool {
    attr.path().is_ident("arg")
}

/// Returns `true` for attributes of derives, which are not valid on a parameter.
pub(crate) fn is_of_a_derive(attr: &Attribute) -> bool {
    ["serde", "schema", "schemars", "validate", "garde", "default"]
        .iter()
        .any(|name| attr.path().is_ident(name))
}

/// Returns the `#[cfg(..)]`s of an item, which also apply to the code that is generated next to it.
pub(crate) fn cfg_attributes(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}
