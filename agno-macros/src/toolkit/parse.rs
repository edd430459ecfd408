//! Parses `#[toolkit(..)]` and the annotated `impl` block, but not the bodies of its methods.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, ImplItem, Path, Token, Type, braced};

use crate::common::function::Function;
use crate::common::item::{has_keyword, unexpected_item};
use crate::common::{Errors, Slot, crate_path, entries, unknown_key};

/// An `impl` block.
pub(super) struct Block {
    pub(super) attrs: Vec<Attribute>,
    pub(super) impl_token: Token![impl],
    pub(super) generics: Generics,
    /// The path of a trait and `for`, which are errors in a toolkit.
    pub(super) trait_path: Option<(Path, Token![for])>,
    pub(super) ty: Type,
    pub(super) inner_attrs: Vec<Attribute>,
    pub(super) members: Vec<Member>,
}

/// A member of an `impl` block.
pub(super) enum Member {
    Function(Box<Function>),
    Other(TokenStream),
}

/// Parses the item, which must be an `impl` block.
pub(super) fn block(item: &TokenStream) -> syn::Result<Block> {
    syn::parse2(item.clone()).map_err(|error| {
        if has_keyword(item, "impl") {
            return error;
        }
        if has_keyword(item, "mod") || has_keyword(item, "fn") {
            return unexpected_item(
                item,
                "functions need no toolkit; remove `#[toolkit]`, and write `#[tool]` on each function",
            );
        }
        unexpected_item(
            item,
            "`#[toolkit]` applies to an `impl` block; write `#[toolkit] impl Type { #[tool] fn name(&self) { .. } }`",
        )
    })
}

/// Reads `#[toolkit(crate = path)]`.
pub(super) fn attribute(tokens: TokenStream, cx: &Errors) -> Slot<Path> {
    let mut krate = Slot::empty();
    for entry in entries(tokens, cx) {
        match entry.name() {
            "crate" => krate.set(cx, &entry, crate_path(&entry)),
            _ => unknown_key(cx, &entry.key, &["crate"]),
        }
    }
    krate
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let impl_token = input.parse()?;
        let mut generics: Generics = if input.peek(Token![<]) {
            input.parse()?
        } else {
            Generics::default()
        };
        let (trait_path, ty) = match input.parse()? {
            Type::Path(path) if path.qself.is_none() && input.peek(Token![for]) => {
                (Some((path.path, input.parse()?)), input.parse()?)
            }
            ty => (None, ty),
        };
        generics.where_clause = input.parse()?;
        let content;
        braced!(content in input);
        let inner_attrs = content.call(Attribute::parse_inner)?;
        let mut members = Vec::new();
        while !content.is_empty() {
            let Ok(member) = content.parse() else {
                // The rest is still being typed. The compiler reports it, and the methods before it remain tools.
                members.push(Member::Other(content.parse()?));
                break;
            };
            members.push(member);
        }
        Ok(Self {
            attrs,
            impl_token,
            generics,
            trait_path,
            ty,
            inner_attrs,
            members,
        })
    }
}

impl Parse for Member {
    /// Parses a member. Consumes nothing if the member is incomplete.
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        let attrs = ahead.call(Attribute::parse_outer)?;
        if let Ok(function) = Function::after_attrs(attrs, &ahead) {
            input.advance_to(&ahead);
            return Ok(Self::Function(Box::new(function)));
        }
        let ahead = input.fork();
        let item = ahead.parse::<ImplItem>()?.into_token_stream();
        input.advance_to(&ahead);
        Ok(Self::Other(item))
    }
}
