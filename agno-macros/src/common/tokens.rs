//! Searches types as tokens, because a visitor over syntax trees would require another feature of syn and more code.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// Returns the span of the first token that matches, at any depth.
pub(crate) fn find(tokens: TokenStream, matches: &impl Fn(&TokenTree) -> bool) -> Option<Span> {
    tokens.into_iter().find_map(|token| match &token {
        TokenTree::Group(group) => find(group.stream(), matches),
        token if matches(token) => Some(token.span()),
        _ => None,
    })
}

/// Returns the span of the first identifier with this name, at any depth.
pub(crate) fn find_ident(tokens: TokenStream, name: &str) -> Option<Span> {
    find(
        tokens,
        &|token| matches!(token, TokenTree::Ident(ident) if ident == name),
    )
}

/// Returns the span of the first occurrence of a punctuation character, at any depth.
pub(crate) fn find_punct(tokens: TokenStream, character: char) -> Option<Span> {
    find(tokens, &|token| is_punct(token, character))
}

/// Returns `true` if the tokens contain this identifier.
pub(crate) fn contains_text(tokens: TokenStream, name: &Ident) -> bool {
    let is_name = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == name);
    find(tokens, &is_name).is_some()
}

/// Returns `true` if the token is this punctuation character.
pub(crate) fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

#[cfg(test)]
mod tests {
    use quote::{format_ident, quote};

    use super::*;

    #[test]
    fn token_searches_descend_into_groups() {
        let ty = quote!((u8, [&'a T; 3]));
        assert!(contains_text(ty.clone(), &format_ident!("T")));
        assert!(!contains_text(ty.clone(), &format_ident!("U")));
        assert!(find_ident(ty.clone(), "u8").is_some());
        assert!(find_punct(ty.clone(), '&').is_some());
        assert!(find_punct(ty, '*').is_none());
    }
}
