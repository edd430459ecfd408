//! Checks that a toolkit can be shared between threads, so that one that cannot is reported once and clearly.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics, Type, parse_quote_spanned};

use super::parse::Block;
use crate::common::shareable::assumption;
use crate::common::tokens::{find, is_punct};

/// Generates the check and the bounds of the `Toolset` implementation. Without these bounds, the compiler would report the
/// type again, less clearly, for `Toolset` and for the future of `call`, which borrows the toolkit.
pub(super) fn shared(block: &Block, span: Span) -> (TokenStream, TokenStream) {
    let ty = &block.ty;
    let mut generics = block.generics.clone();
    let is_open = |parameter: &GenericParam| !matches!(parameter, GenericParam::Lifetime(_));
    if generics.params.iter().any(is_open) {
        return open(block, span);
    }
    let Some(ty) = static_type(ty, span) else {
        return (TokenStream::new(), generics.where_clause.to_token_stream());
    };
    let constant = Ident::new("__SHARED", span);
    // The second constant names the part of the type that is the cause, because the macro does not see the fields. A type
    // that lacks `Send` nearly always lacks `Sync` as well, so `Sync` alone is enough.
    let cause = quote_spanned! {block.ty.span()=>
        const _: () = {
            const fn shared_between_threads<T: __agno::Sync>() {}
            shared_between_threads::<#ty>()
        };
    };
    let check =
        quote_spanned!(span=> const #constant: __agno::usize = <#ty as __agno::SendAndSync>::CHECK; #cause);
    let predicates = &mut generics.make_where_clause().predicates;
    predicates.push(assumption(&constant, span));
    (check, generics.where_clause.to_token_stream())
}

/// Generates the check and the bounds for a type with type or const parameters, which no constant can check: an
/// implementation of a trait, at which the compiler reports the type, and a bound that assumes the trait.
fn open(block: &Block, span: Span) -> (TokenStream, TokenStream) {
    let (_, _, bounds) = block.generics.split_for_impl();
    let ty = &block.ty;
    let is_lifetime = |token: &TokenTree| is_punct(token, '\'') || is_punct(token, '&') || is_binder(token);
    // The compiler cannot prove a property of a type parameter for every lifetime, and the future uses other lifetimes than
    // the block.
    if find(ty.to_token_stream(), &is_lifetime).is_some() {
        return (TokenStream::new(), bounds.to_token_stream());
    }
    let mut assuming = block.generics.clone();
    // Without a lifetime parameter, the compiler would check the bound instead of assuming it.
    let assumption = parse_quote_spanned!(span=> for<'__x> Self: SharedBetweenThreads<'__x>);
    assuming.make_where_clause().predicates.push(assumption);
    let with_lifetime = with_lifetime(&block.generics, span);
    let (parameters, _, _) = with_lifetime.split_for_impl();
    // A local trait, because the compiler names it.
    let shared = quote_spanned! {span=>
        trait SharedBetweenThreads<'__x>: __agno::Send + __agno::Sync {}
        #[automatically_derived]
        impl #parameters SharedBetweenThreads<'__x> for #ty #bounds {}
    };
    (shared, assuming.where_clause.to_token_stream())
}

fn with_lifetime(generics: &Generics, span: Span) -> Generics {
    let mut generics = generics.clone();
    generics.params.insert(0, parse_quote_spanned!(span=> '__x));
    generics
}

fn is_binder(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == "fn" || ident == "dyn" || ident == "for")
}

/// Replaces the lifetimes of a type with `'static`, and its spans. Returns `None` for types that bind lifetimes
/// themselves, such as function pointers.
fn static_type(ty: &Type, span: Span) -> Option<TokenStream> {
    if find(ty.to_token_stream(), &is_binder).is_some() {
        return None;
    }
    Some(with_static(ty.to_token_stream(), span))
}

fn with_static(tokens: TokenStream, span: Span) -> TokenStream {
    let mut renamed = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), with_static(group.stream(), span));
                inner.set_span(group.span());
                renamed.extend([TokenTree::Group(inner)]);
            }
            TokenTree::Punct(quote) if quote.as_char() == '\'' => {
                tokens.next();
                renamed.extend(quote_spanned!(span=> 'static));
            }
            TokenTree::Punct(reference) if reference.as_char() == '&' => {
                renamed.extend([TokenTree::Punct(reference)]);
                if !tokens.peek().is_some_and(|token| is_punct(token, '\'')) {
                    renamed.extend(quote_spanned!(span=> 'static));
                }
            }
            token => renamed.extend([token]),
        }
    }
    renamed
}
