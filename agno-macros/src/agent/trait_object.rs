//! Trait objects of agno's traits in the fields of an agent: `Box<dyn Model>`, `Vec<Box<dyn Agent>>`.
//!
//! These traits are not dyn compatible, and the compiler reports that without naming the types to use instead. Nothing in an
//! expansion can tell whether a name such as `Model` refers to a user-defined trait without an error for one of the two. A
//! user-defined trait therefore needs a path or further bounds, as in `dyn Model + Send + Sync`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{Field, parse_quote_spanned};

use crate::common::tokens::is_punct;

/// A trait, the type to write instead, and `true` if the name without a path is reported as well.
const TRAITS: [(&str, &str, bool); 5] = [
    (
        "Model",
        "`DynModel`, which `.erase()` on a model returns, or `AnyModel`",
        true,
    ),
    (
        "Declared",
        "`DynAgent`, which `.erase()` on an agent with a model returns",
        true,
    ),
    (
        "Agent",
        "`DynAgent`, which `.erase()` on an agent with a model returns",
        true,
    ),
    ("Tool", "`DynTool`", false),
    ("Toolset", "`DynTools`", false),
];

/// Replaces the type of a field with an error if it contains a trait object of agno. The type is then unknown, so that it
/// causes no further errors.
pub(super) fn replace_trait_objects(field: &mut Field) {
    let Some((name, fix, is_bare)) = find(field.ty.to_token_stream()) else {
        return;
    };
    let own = match is_bare {
        true => format!("; for your own trait, write `dyn self::{name}`"),
        false => String::new(),
    };
    let message =
        format!("`dyn {name}` is not a type, because `{name}` is not dyn compatible; write {fix}{own}");
    let message = match name == "Agent" {
        true => format!("`dyn Agent` is not a type, because `Agent` is a struct; write {fix}{own}"),
        false => message,
    };
    let span = name.span();
    let error = quote_spanned!(span=> ::core::compile_error! { #message });
    field.ty = parse_quote_spanned!(span=> #error);
}

/// Returns the name of the trait, the type to write, and `true` if the name is not part of a path.
fn find(tokens: TokenStream) -> Option<(Ident, &'static str, bool)> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.iter().enumerate().find_map(|(index, token)| match token {
        TokenTree::Group(group) => find(group.stream()),
        TokenTree::Ident(ident) if ident == "dyn" => object(&tokens[index + 1..]),
        _ => None,
    })
}

/// Reads the path after `dyn`.
fn object(tokens: &[TokenTree]) -> Option<(Ident, &'static str, bool)> {
    let mut path = Vec::new();
    let mut has_bounds = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => path.push(ident),
            token if is_punct(token, ':') => {}
            token if is_punct(token, '<') => return None,
            token => {
                has_bounds = is_punct(token, '+');
                break;
            }
        }
    }
    let (name, start) = path.split_last()?;
    let (_, fix, by_name) = TRAITS.iter().find(|(known, ..)| name == known)?;
    let is_bare = start.is_empty() && !has_bounds;
    let is_agno = start.first().is_some_and(|first| *first == "agno");
    (is_agno || is_bare && *by_name).then(|| ((*name).clone(), *fix, is_bare))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn trait_objects_of_agno_are_found() {
        let name = |tokens: TokenStream| find(tokens).map(|(name, ..)| name.to_string());
        assert_eq!(name(quote!(Box<dyn Model>)).as_deref(), Some("Model"));
        assert_eq!(
            name(quote!(Vec<(u8, Arc<dyn agno::tool::Tool + Send>)>)).as_deref(),
            Some("Tool")
        );
        for valid in [
            quote!(Box<dyn self::Model>),
            quote!(Box<dyn Model + Send + Sync>),
            quote!(Box<dyn Model<u8>>),
            quote!(Box<dyn Tool>),
            quote!(Box<dyn Store>),
            quote!(Agent<A>),
        ] {
            assert_eq!(name(valid.clone()), None, "{valid}");
        }
    }
}
