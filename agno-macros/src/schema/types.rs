//! Field types as they may be named where the schema is: in a static, which knows no lifetimes and no `Self`, or in the
//! constant of a generic type, which must not ask for itself.

use proc_macro2::{Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Rewrites a type's tokens: lifetimes to `'static` and, if given, the type itself (and `Self`) to something else.
///
/// Works on tokens, since a tree of types would need a walker over all of them; spans stay, for it is the type that
/// errors point to.
pub(crate) fn rewrite(
    ty: &impl ToTokens,
    own: &Ident,
    replacement: Option<&TokenStream>,
    statics: bool,
) -> TokenStream {
    Rewriter {
        own,
        replacement,
        statics,
    }
    .stream(ty.to_token_stream())
}

/// Whether a type's tokens name the type itself.
pub(crate) fn mentions(tokens: TokenStream, own: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *own || ident == "Self",
        TokenTree::Group(group) => mentions(group.stream(), own),
        _ => false,
    })
}

/// Whether a type's tokens name a parameter.
pub(crate) fn uses(tokens: TokenStream, parameter: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *parameter,
        TokenTree::Group(group) => uses(group.stream(), parameter),
        _ => false,
    })
}

struct Rewriter<'a> {
    own: &'a Ident,
    replacement: Option<&'a TokenStream>,
    statics: bool,
}

impl Rewriter<'_> {
    fn stream(&self, tokens: TokenStream) -> TokenStream {
        let mut output = TokenStream::new();
        let mut rest = tokens.into_iter().peekable();
        // A path that goes on after `::` is another type of the same name.
        let mut in_path = false;
        while let Some(token) = rest.next() {
            match token {
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), self.stream(group.stream()));
                    inner.set_span(group.span());
                    inner.to_tokens(&mut output);
                    in_path = false;
                }
                TokenTree::Punct(punct)
                    if self.statics && punct.as_char() == '\'' && punct.spacing() == Spacing::Joint =>
                {
                    let span = rest.next().map_or_else(Span::call_site, |name| name.span());
                    syn::Lifetime::new("'static", span).to_tokens(&mut output);
                }
                TokenTree::Ident(ident)
                    if !in_path && (ident == *self.own || ident == "Self") && self.replacement.is_some() =>
                {
                    if ident != "Self" {
                        skip_arguments(&mut rest);
                    }
                    self.replacement.to_tokens(&mut output);
                }
                token => {
                    in_path = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
                    token.to_tokens(&mut output);
                }
            }
        }
        output
    }
}

// `<..>` after the name of a generic type.
fn skip_arguments(rest: &mut std::iter::Peekable<proc_macro2::token_stream::IntoIter>) {
    if !rest.peek().is_some_and(|token| is_punct(token, '<')) {
        return;
    }
    let mut depth = 0_usize;
    for token in rest {
        depth += usize::from(is_punct(&token, '<'));
        depth -= usize::from(is_punct(&token, '>'));
        if depth == 0 {
            return;
        }
    }
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// A type with its lifetimes as `'static`: `Visit<'static>`.
pub(crate) fn own_static(ident: &Ident, generics: &syn::Generics) -> TokenStream {
    let lifetimes = generics.lifetimes().map(|_| quote!('static));
    let lifetimes: Vec<_> = lifetimes.collect();
    if lifetimes.is_empty() {
        quote!(#ident)
    } else {
        quote!(#ident<#(#lifetimes),*>)
    }
}

#[cfg(test)]
mod tests {
    use quote::format_ident;

    use super::*;

    #[test]
    fn lifetimes_and_the_type_itself_are_replaced() {
        let own = format_ident!("Tree");
        let ty: syn::Type = syn::parse_quote!(Vec<Cow<'a, Box<Tree<'a, T, Vec<T>>>>>);
        assert_eq!(
            rewrite(&ty, &own, Some(&quote!(X)), true)
                .to_string()
                .replace(' ', ""),
            "Vec<Cow<'static,Box<X>>>"
        );
        let ty: syn::Type = syn::parse_quote!(Option<other::Tree>);
        assert_eq!(
            rewrite(&ty, &own, Some(&quote!(X)), false)
                .to_string()
                .replace(' ', ""),
            "Option<other::Tree>"
        );
        let ty: syn::Type = syn::parse_quote!(Vec<Self>);
        assert_eq!(
            rewrite(&ty, &own, Some(&quote!(X)), false)
                .to_string()
                .replace(' ', ""),
            "Vec<X>"
        );
    }
}
