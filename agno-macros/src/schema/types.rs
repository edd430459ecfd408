//! Rewrites field types so that the schema can refer to them. A static can use neither lifetime parameters nor `Self`,
//! and the constant of a generic type must not depend on itself.

use proc_macro2::{Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Type;

use crate::common::tokens::{contains_text, find_ident, is_punct};

/// Rewrites a type's tokens. Replaces lifetimes with `'static` if `static_lifetimes` is set, and `own` and `Self` with
/// `replacement` if it is `Some`.
///
/// Works on tokens, because a syntax tree would require a visitor for all kinds of types. Keeps the spans, because
/// errors point at the type.
pub(crate) fn rewrite(
    ty: &impl ToTokens,
    own: &Ident,
    replacement: Option<&TokenStream>,
    static_lifetimes: bool,
) -> TokenStream {
    Rewriter {
        own,
        replacement,
        static_lifetimes,
    }
    .stream(ty.to_token_stream())
}

/// Returns `true` if a type's tokens mention the type `own` or `Self`.
pub(crate) fn refers_to_itself(tokens: &TokenStream, own: &Ident) -> bool {
    contains_text(tokens.clone(), own) || find_ident(tokens.clone(), "Self").is_some()
}

/// Returns `true` if a type is a path that starts with `parameter`, such as `T::Item`.
pub(crate) fn is_projection(ty: &Type, parameter: &Ident) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.len() > 1 && path.path.segments[0].ident == *parameter)
}

/// Containers of the standard library that implement `Schema` if their contents do.
const CONTAINERS: [&str; 13] = [
    "Arc", "BTreeMap", "BTreeSet", "Box", "Cow", "HashMap", "HashSet", "Mutex", "Option", "Rc", "Result",
    "Vec", "VecDeque",
];

/// Returns `true` if the type is a tuple, an array, a reference or, by its name, a container of the standard library.
pub(crate) fn is_known_container(tokens: TokenStream) -> bool {
    let mut last = None;
    for token in tokens {
        match token {
            TokenTree::Group(_) if last.is_none() => return true,
            TokenTree::Punct(punct) if punct.as_char() == '&' && last.is_none() => return true,
            TokenTree::Punct(punct) if punct.as_char() == '<' => {
                return last.is_some_and(|name: Ident| CONTAINERS.iter().any(|known| name == known));
            }
            TokenTree::Ident(ident) => last = Some(ident),
            _ => {}
        }
    }
    false
}

struct Rewriter<'a> {
    own: &'a Ident,
    replacement: Option<&'a TokenStream>,
    static_lifetimes: bool,
}

impl Rewriter<'_> {
    fn stream(&self, tokens: TokenStream) -> TokenStream {
        let mut output = TokenStream::new();
        let mut rest = tokens.into_iter().peekable();
        // After `::`, the same name refers to a different type.
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
                    if self.static_lifetimes
                        && punct.as_char() == '\''
                        && punct.spacing() == Spacing::Joint =>
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

/// Skips the `<..>` after the name of a generic type.
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

/// Returns the type with `'static` in place of its lifetimes, such as `Visit<'static>`.
pub(crate) fn with_static_lifetimes(ident: &Ident, generics: &syn::Generics) -> TokenStream {
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
    fn containers_of_the_standard_library_are_known() {
        for ty in [
            quote!(Vec<A>),
            quote!(std::vec::Vec<A>),
            quote!((A, B)),
            quote!([A; 2]),
            quote!(&A),
        ] {
            assert!(is_known_container(ty.clone()), "{ty}");
        }
        for ty in [
            quote!(A),
            quote!(a::Page<Vec<A>>),
            quote!(<A as B>::C),
            quote!(*const u8),
        ] {
            assert!(!is_known_container(ty.clone()), "{ty}");
        }
    }

    #[test]
    fn lifetimes_and_self_references_are_replaced() {
        let own = format_ident!("Tree");
        let ty: Type = syn::parse_quote!(Vec<Cow<'a, Box<Tree<'a, T, Vec<T>>>>>);
        assert_eq!(
            rewrite(&ty, &own, Some(&quote!(X)), true)
                .to_string()
                .replace(' ', ""),
            "Vec<Cow<'static,Box<X>>>"
        );
        let ty: Type = syn::parse_quote!(Option<other::Tree>);
        assert_eq!(
            rewrite(&ty, &own, Some(&quote!(X)), false)
                .to_string()
                .replace(' ', ""),
            "Option<other::Tree>"
        );
        let ty: Type = syn::parse_quote!(Vec<Self>);
        assert_eq!(
            rewrite(&ty, &own, Some(&quote!(X)), false)
                .to_string()
                .replace(' ', ""),
            "Vec<X>"
        );
    }
}
