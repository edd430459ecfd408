//! The type of an entry in `agents` or `context`, as far as its tokens tell: the generic parameters that it mentions, and
//! whether it is the annotated struct.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Field, GenericParam, ItemStruct, Lifetime, Member};

use super::entry_list::Source;
use super::output_name::snake_case;
use crate::common::tokens::{contains_text, find_ident};

/// The type of an entry.
pub(super) struct EntryType {
    pub(super) tokens: TokenStream,
    /// The lifetimes of the struct that the type mentions.
    pub(super) lifetimes: Vec<Lifetime>,
    /// `true` if the type depends on type or const parameters, so that only the compiler knows it, and only where the
    /// agent is used.
    pub(super) is_open: bool,
    /// `true` if the type mentions the annotated struct.
    pub(super) is_declaration: bool,
}

impl EntryType {
    /// Returns the type of a source. `field` is the field that it names.
    pub(super) fn new(source: &Source, field: Option<&Field>, item: &ItemStruct) -> Self {
        let tokens = match (source, field) {
            (Source::Path(path), _) if path.path.is_ident("Self") => item.ident.to_token_stream(),
            (Source::Path(path), _) => path.to_token_stream(),
            (Source::Field(_), Some(field)) => field.ty.to_token_stream(),
            (Source::Field(_), None) => quote!(()),
        };
        // `Self` is not available outside the implementation, like a parameter.
        let this = find_ident(tokens.clone(), "Self").is_some();
        let is_open = this
            || item.generics.params.iter().any(|parameter| match parameter {
                GenericParam::Type(parameter) => contains_text(tokens.clone(), &parameter.ident),
                GenericParam::Const(parameter) => contains_text(tokens.clone(), &parameter.ident),
                GenericParam::Lifetime(_) => false,
            });
        let lifetimes = item.generics.lifetimes().map(|parameter| &parameter.lifetime);
        let lifetimes = lifetimes.filter(|lifetime| has_lifetime(tokens.clone(), &lifetime.ident));
        Self {
            lifetimes: lifetimes.cloned().collect(),
            is_open,
            is_declaration: this || has_bare_name(tokens.clone(), &item.ident),
            tokens,
        }
    }
}

impl Source {
    /// Returns the name of the field, or the name of the struct in snake case. A field of a tuple struct has no name.
    pub(super) fn default_name(&self, item: &ItemStruct) -> Option<String> {
        match self {
            Self::Field(Member::Named(name)) => Some(name.unraw().to_string()),
            Self::Field(Member::Unnamed(_)) => None,
            Self::Path(path) if path.path.is_ident("Self") => {
                Some(snake_case(&item.ident.unraw().to_string()))
            }
            Self::Path(path) => {
                let last = path.path.segments.last()?;
                Some(snake_case(&last.ident.unraw().to_string()))
            }
        }
    }
}

fn has_lifetime(tokens: TokenStream, name: &Ident) -> bool {
    let mut after_quote = false;
    tokens.into_iter().any(|token| {
        let found = match &token {
            TokenTree::Group(group) => has_lifetime(group.stream(), name),
            TokenTree::Ident(ident) => after_quote && ident == name,
            _ => false,
        };
        after_quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        found
    })
}

/// Returns `true` if the tokens contain the name, and not as a part of a path.
fn has_bare_name(tokens: TokenStream, name: &Ident) -> bool {
    let mut after_colon = false;
    tokens.into_iter().any(|token| {
        let found = match &token {
            TokenTree::Group(group) => has_bare_name(group.stream(), name),
            TokenTree::Ident(ident) => !after_colon && ident == name,
            _ => false,
        };
        after_colon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
        found
    })
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn read(field: &Field) -> (Vec<String>, bool, bool) {
        let item: ItemStruct = parse_quote!(
            struct Desk<'a, 'b, S, const N: usize> {
                a: &'a str,
            }
        );
        let source = Source::Field(parse_quote!(a));
        let ty = EntryType::new(&source, Some(field), &item);
        let lifetimes = ty.lifetimes.iter().map(|lifetime| lifetime.ident.to_string());
        (lifetimes.collect(), ty.is_open, ty.is_declaration)
    }

    #[test]
    fn the_parameters_of_a_type_are_found() {
        assert_eq!(read(&parse_quote!(x: Researcher)), (vec![], false, false));
        let lifetimes = vec!["a".to_owned()];
        assert_eq!(
            read(&parse_quote!(x: Box<&'a Of<'static>>)),
            (lifetimes, false, false)
        );
        assert_eq!(read(&parse_quote!(x: Box<Of<S>>)), (vec![], true, false));
        assert_eq!(read(&parse_quote!(x: Of<{ N }>)), (vec![], true, false));
    }

    #[test]
    fn a_type_that_contains_the_struct_is_found() {
        assert!(read(&parse_quote!(x: Arc<Desk<'a, 'b, S, N>>)).2);
        assert!(read(&parse_quote!(x: Arc<Self>)).2);
        assert!(!read(&parse_quote!(x: Arc<other::Desk>)).2);
    }

    #[test]
    fn names_derive_from_fields_and_structs() {
        let item: ItemStruct = parse_quote!(
            struct FrontDesk;
        );
        let name = |source: Source| source.default_name(&item);
        assert_eq!(name(Source::Field(parse_quote!(r#type))).as_deref(), Some("type"));
        assert_eq!(name(Source::Field(parse_quote!(0))), None);
        assert_eq!(
            name(Source::Path(parse_quote!(a::TaxExpert))).as_deref(),
            Some("tax_expert")
        );
        assert_eq!(
            name(Source::Path(parse_quote!(Self))).as_deref(),
            Some("front_desk")
        );
    }
}
