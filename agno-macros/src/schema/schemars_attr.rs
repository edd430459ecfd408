//! Reports `#[schemars(..)]` on a type that does not derive `JsonSchema`, with the attribute to write.
//!
//! A type may derive both `Schema` and `JsonSchema`, and a derive cannot see the other derives of its item. The expansion
//! therefore contains a constant that is `true` if the type implements `JsonSchema`. Without the `schemars` feature, agno
//! does not know that trait, so this module is not used, and the compiler reports an unknown attribute.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{Attribute, Data, DeriveInput, GenericParam, Meta, Path};

use crate::common::tokens::is_punct;

/// Generates a check for each key.
pub(super) fn checks(input: &DeriveInput, krate: &Path) -> TokenStream {
    let keys: Vec<Ident> = attributes(input).into_iter().flat_map(keys).collect();
    if !cfg!(feature = "schemars") || keys.is_empty() {
        return TokenStream::new();
    }
    let Some(ty) = instance(input) else {
        return TokenStream::new();
    };
    let checks = keys.iter().map(|key| {
        let message = format!(
            "`#[schemars({key})]` has no effect on agno's schema; {}",
            fix(key)
        );
        quote_spanned!(key.span()=> const _: () = __agno::check_schemars(__DERIVED, #message);)
    });
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::{self as __agno, NoJsonSchema as _};
            const __DERIVED: __agno::bool = __agno::JsonSchemaOf::<#ty>::IS_IMPLEMENTED;
            #(#checks)*
        };
    }
}

/// Returns the type with `()` for its type parameters, which implements `JsonSchema`, as a derive requires of them. Returns
/// `None` if `()` or the value of a const parameter may be invalid.
fn instance(input: &DeriveInput) -> Option<TokenStream> {
    if input.generics.where_clause.is_some() {
        return None;
    }
    let arguments = input.generics.params.iter().map(|parameter| match parameter {
        GenericParam::Lifetime(_) => Some(quote!('static)),
        GenericParam::Type(parameter) => parameter.bounds.is_empty().then(|| quote!(())),
        GenericParam::Const(_) => None,
    });
    let arguments: Vec<TokenStream> = arguments.collect::<Option<_>>()?;
    let ident = &input.ident;
    Some(quote!(#ident<#(#arguments),*>))
}

/// Returns the attributes of the type, its variants and its fields.
fn attributes(input: &DeriveInput) -> Vec<&Attribute> {
    let mut attributes: Vec<&Attribute> = input.attrs.iter().collect();
    match &input.data {
        Data::Struct(data) => attributes.extend(data.fields.iter().flat_map(|field| &field.attrs)),
        Data::Enum(data) => {
            for variant in &data.variants {
                attributes.extend(&variant.attrs);
                attributes.extend(variant.fields.iter().flat_map(|field| &field.attrs));
            }
        }
        Data::Union(_) => {}
    }
    attributes.retain(|attribute| attribute.path().is_ident("schemars"));
    attributes
}

/// Returns the keys in an attribute.
fn keys(attribute: &Attribute) -> Vec<Ident> {
    let Meta::List(list) = &attribute.meta else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    let mut starts = true;
    for token in list.tokens.clone() {
        match &token {
            TokenTree::Ident(key) if starts => keys.push(key.clone()),
            _ => {}
        }
        starts = is_punct(&token, ',');
    }
    keys
}

/// Returns the attribute to write instead.
fn fix(key: &Ident) -> &'static str {
    match key.to_string().as_str() {
        "range" => "write `#[schema(range = 1..=5)]`",
        "length" => "write `#[schema(len = 1..=80)]`",
        "regex" | "pattern" => "write `#[schema(pattern = \"…\")]`",
        "email" => "write `#[schema(format = \"email\")]`",
        "url" => "write `#[schema(format = \"uri\")]`",
        "title" | "description" => "write a doc comment, or `#[schema(description = \"…\")]`",
        "example" => "write `#[schema(example = …)]`",
        "with" | "schema_with" => "write `#[schema(with = Type)]`",
        "extend" | "transform" | "inner" | "contains" => {
            "write the schema of the field, `#[schema(with = r#\"{ … }\"#)]`"
        }
        "required" => "a value is required unless it is an `Option` or has a default; remove it",
        "inline" => "write `#[schema(inline)]` on the type",
        "deprecated" => "write `#[schema(deprecated)]`",
        "crate" => "write `#[schema(crate = path)]`",
        _ => "write it in `#[serde(…)]`, which agno reads",
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn the_keys_of_all_attributes_are_found() {
        let input: DeriveInput = parse_quote! {
            #[schemars(deny_unknown_fields)]
            enum A {
                #[schemars(rename = "b", title = "c")]
                B(#[schemars(range(min = 1, max = 5))] u8),
            }
        };
        let keys: Vec<String> = attributes(&input)
            .into_iter()
            .flat_map(keys)
            .map(|key| key.to_string())
            .collect();
        assert_eq!(keys, ["deny_unknown_fields", "rename", "title", "range"]);
    }
}
