//! Generates the check that the fields of an agent can be shared between threads, so that a field that cannot is reported
//! once, at its type, with the type to write.
//!
//! ```text
//! const __SHARED: usize = {
//!     let _ = <Db as SendAndSyncField>::CHECK;
//!     let _ = <&'static dyn Store as SendAndSyncAs<&'static (dyn Store + Send + Sync)>>::CHECK;
//!     0
//! };
//! impl Declared for Desk where Checked<__SHARED, ()>: Send + Sync { .. }
//! ```
//!
//! This reports nothing else about the implementation and most of its uses. Calls of the methods of `Declared`, such as
//! `.with(model)`, repeat its supertraits, so the compiler would report the field once more at each of them. For a field
//! whose tokens suggest that it cannot be shared, the struct itself therefore contains the check: if its constant is an
//! error, so is the type of the field, and the struct can be shared.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Field, GenericArgument, GenericParam, ItemStruct, PathArguments, Type, Visibility, parse_quote_spanned,
};

use crate::agent::model::Agent;
use crate::agent::shared_field::{is_closed, is_shared, shareable_type};
use crate::common::item::cfg_attributes;
use crate::common::tokens::{contains_text, find_ident};

/// Returns the constant with the checks.
pub(super) fn constant(span: Span) -> Ident {
    Ident::new("__SHARED", span)
}

impl Agent<'_> {
    /// Returns `true` if the implementation checks fields.
    pub(super) fn has_checked_fields(&self) -> bool {
        self.item
            .fields
            .iter()
            .any(|field| is_checked(field, self.item) && !is_replaced(field, self.item))
    }

    /// Generates a type that is an error if a field cannot be shared.
    pub(super) fn if_shared(&self, ty: &TokenStream) -> TokenStream {
        if !self.has_checked_fields() {
            return ty.clone();
        }
        let constant = constant(self.span());
        quote!(__agno::Checked<#constant, #ty>)
    }

    /// Generates the struct, with checks in the types of its fields, and the checks of the other fields.
    pub(super) fn shared_item(&self) -> (ItemStruct, TokenStream) {
        let mut item = self.item.clone();
        let krate = &self.krate;
        let mut checks = Vec::new();
        for field in item
            .fields
            .iter_mut()
            .filter(|field| is_checked(field, self.item))
        {
            // Lints of paths do not apply to the code of a macro.
            let span = Span::call_site().located_at(field.ty.span());
            if is_replaced(field, self.item) {
                let check = check(&field.ty, &quote!(#krate::__private), self.item);
                let checked =
                    |ty: &Type| parse_quote_spanned!(span=> #krate::__private::Checked<{ #check }, #ty>);
                field.ty = inside_options(field.ty.clone(), &checked);
            } else {
                let check = check(&field.ty, &quote!(__agno), self.item);
                let cfg = cfg_attributes(&field.attrs);
                checks.push(quote_spanned!(span=> #(#cfg)* let _: __agno::usize = #check;));
            }
        }
        if checks.is_empty() {
            return (item, TokenStream::new());
        }
        let span = self.span();
        let constant = constant(span);
        let shared = quote_spanned! {span=>
            // The struct may allow deprecated types.
            #[allow(deprecated)]
            const #constant: __agno::usize = { #(#checks)* 0 };
        };
        (item, shared)
    }
}

/// Replaces a type, or the type inside its `Option`s, because derives of other crates recognize an optional field by its
/// tokens.
fn inside_options(mut ty: Type, replace: &dyn Fn(&Type) -> Type) -> Type {
    if let Type::Path(path) = &mut ty
        && let Some(last) = path.path.segments.last_mut()
        && last.ident == "Option"
        && let PathArguments::AngleBracketed(list) = &mut last.arguments
        && list.args.len() == 1
        && let Some(GenericArgument::Type(inner)) = list.args.first_mut()
    {
        *inner = inside_options(inner.clone(), replace);
        return ty;
    }
    replace(&ty)
}

/// Generates the check of a type.
fn check(ty: &Type, private: &TokenStream, item: &ItemStruct) -> TokenStream {
    let written = with_static(ty.to_token_stream(), item);
    match shareable_type(ty) {
        Some(fix) => {
            let fix = with_static(fix, item);
            quote_spanned!(ty.span()=> <#written as #private::SendAndSyncAs<#fix>>::CHECK)
        }
        None => quote_spanned!(ty.span()=> <#written as #private::SendAndSyncField>::CHECK),
    }
}

/// Returns `true` if a constant can check the field: its type is known without the parameters of the struct.
fn is_checked(field: &Field, item: &ItemStruct) -> bool {
    let tokens = field.ty.to_token_stream();
    let is_open = item.generics.params.iter().any(|parameter| match parameter {
        GenericParam::Type(parameter) => contains_text(tokens.clone(), &parameter.ident),
        GenericParam::Const(parameter) => contains_text(tokens.clone(), &parameter.ident),
        GenericParam::Lifetime(_) => false,
    });
    !is_shared(&field.ty)
        && !is_open
        && find_ident(tokens, "Self").is_none()
        && !matches!(field.ty, Type::Macro(_))
}

/// Returns `true` if the struct contains the check of the field. It would appear in the documentation of a public field, would
/// make a lifetime invariant, and must not depend on the fields of the struct.
fn is_replaced(field: &Field, item: &ItemStruct) -> bool {
    !matches!(field.vis, Visibility::Public(_))
        && shareable_type(&field.ty).is_some()
        && is_closed(&field.ty)
        && !item
            .generics
            .lifetimes()
            .any(|parameter| contains_text(field.ty.to_token_stream(), &parameter.lifetime.ident))
}

/// Replaces the lifetimes of the struct with `'static`, because a constant has no lifetimes.
fn with_static(tokens: TokenStream, item: &ItemStruct) -> TokenStream {
    let mut after_quote = false;
    let each = tokens.into_iter().map(|token| {
        let renamed = match &token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), with_static(group.stream(), item));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Ident(ident)
                if after_quote
                    && item
                        .generics
                        .lifetimes()
                        .any(|known| known.lifetime.ident == *ident) =>
            {
                TokenTree::Ident(Ident::new("static", ident.span()))
            }
            token => token.clone(),
        };
        after_quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        renamed
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn options_remain_recognizable() {
        let replaced = |ty: Type| {
            inside_options(ty, &|ty| parse_quote!(Checked<#ty>))
                .to_token_stream()
                .to_string()
        };
        assert_eq!(
            replaced(parse_quote!(Option<Arc<dyn A>>)).replace(' ', ""),
            "Option<Checked<Arc<dynA>>>"
        );
        assert_eq!(
            replaced(parse_quote!(Box<dyn A>)).replace(' ', ""),
            "Checked<Box<dynA>>"
        );
    }
}
