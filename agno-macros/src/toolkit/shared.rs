//! Implements `Shared`, so that a toolkit that cannot be shared between threads is reported once and clearly.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericParam, Generics, Lifetime, Type, parse_quote_spanned};

use super::parse::Block;
use crate::common::tokens::{find, is_punct};

/// Generates an implementation of `Shared`, at which the compiler reports a type that cannot be shared between threads,
/// and the bounds of the `Toolset` implementation, which assume `Shared`. Without these bounds, the compiler would
/// report the type again, less clearly, for `Toolset` and for the future of `call`, which borrows the toolkit. The
/// `Shared` bound covers all lifetimes, because the future uses lifetimes other than the block's.
pub(super) fn shared(block: &Block, span: Span) -> (TokenStream, TokenStream) {
    let (_, _, bounds) = block.generics.split_for_impl();
    let ty = &block.ty;
    let general = for_all_lifetimes(ty, span).filter(|(lifetimes, _)| {
        // The compiler cannot prove a bound, or a property of a type parameter, for every lifetime.
        lifetimes.is_empty() || !has_bounds(&block.generics)
    });
    let Some((lifetimes, any_ty)) = general else {
        return (TokenStream::new(), bounds.to_token_stream());
    };
    let mut assuming = block.generics.clone();
    // Without a lifetime parameter, the compiler would check the bound instead of assuming it.
    let assumption =
        parse_quote_spanned!(span=> for<'__x #(, #lifetimes)*> #any_ty: __agno::Shared<'__x, __Block>);
    assuming.make_where_clause().predicates.push(assumption);
    let mut with_lifetime = block.generics.clone();
    with_lifetime.params.insert(0, parse_quote_spanned!(span=> '__x));
    let (parameters, _, _) = with_lifetime.split_for_impl();
    let shared = quote_spanned! {span=>
        struct __Block;
        #[automatically_derived]
        impl #parameters __agno::Shared<'__x, __Block> for #ty #bounds {}
    };
    (shared, assuming.where_clause.to_token_stream())
}

/// Returns `true` if the generics have bounds or type parameters.
fn has_bounds(generics: &Generics) -> bool {
    let is_bound = |parameter: &GenericParam| match parameter {
        GenericParam::Lifetime(lifetime) => !lifetime.bounds.is_empty(),
        GenericParam::Type(_) => true,
        GenericParam::Const(_) => false,
    };
    generics.where_clause.is_some() || generics.params.iter().any(is_bound)
}

/// Replaces the lifetimes of a type, except `'static`, with fresh ones. Returns the fresh lifetimes and the new type,
/// or `None` for types that bind lifetimes themselves, such as function pointers.
fn for_all_lifetimes(ty: &Type, span: Span) -> Option<(Vec<Lifetime>, TokenStream)> {
    let binds = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == "fn" || ident == "dyn" || ident == "for");
    if find(ty.to_token_stream(), &binds).is_some() {
        return None;
    }
    let mut lifetimes = Vec::new();
    let tokens = with_lifetimes(ty.to_token_stream(), span, &mut lifetimes);
    let tokens = if lifetimes.is_empty() {
        quote_spanned!(span=> Self)
    } else {
        tokens
    };
    Some((lifetimes, tokens))
}

fn with_lifetimes(tokens: TokenStream, span: Span, lifetimes: &mut Vec<Lifetime>) -> TokenStream {
    let fresh = |lifetimes: &mut Vec<Lifetime>| {
        let lifetime = Lifetime::new(&format!("'__l{}", lifetimes.len()), span);
        lifetimes.push(lifetime.clone());
        lifetime.into_token_stream()
    };
    let mut renamed = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let mut inner =
                    Group::new(group.delimiter(), with_lifetimes(group.stream(), span, lifetimes));
                inner.set_span(group.span());
                renamed.extend([TokenTree::Group(inner)]);
            }
            TokenTree::Punct(quote) if quote.as_char() == '\'' => match tokens.next() {
                Some(TokenTree::Ident(name)) if name == "static" => renamed.extend(quote!('static)),
                _ => renamed.extend(fresh(lifetimes)),
            },
            TokenTree::Punct(reference) if reference.as_char() == '&' => {
                renamed.extend([TokenTree::Punct(reference)]);
                if !tokens.peek().is_some_and(|token| is_punct(token, '\'')) {
                    renamed.extend(fresh(lifetimes));
                }
            }
            token => renamed.extend([token]),
        }
    }
    renamed
}
