//! `#[derive(Schema)]`: the JSON form of a type, as serde has it, as a constant.
//!
//! [`parse`] and [`serde`] read attributes, [`model`] resolves names and shapes, [`validate`] holds the rules that look at
//! several parts at once, [`expand`] writes the tree and cannot fail.

mod case;
mod expand;
mod json;
pub(crate) mod literal;
mod model;
pub(crate) mod parse;
mod serde;
mod types;
pub(crate) mod validate;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::attr::Errors;

/// Expands the derive; on mistakes, their errors and an implementation that keeps further ones away.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let cx = Errors::new();
    let container = model::container(&input, &cx);
    if let Some(container) = &container {
        validate::container(container, &cx);
    }
    match (cx.finish(), container) {
        (Ok(()), Some(container)) => expand::schema(&container),
        (Err(errors), container) => {
            let errors = errors.into_compile_error();
            let krate = container.map_or_else(crate::attr::default_crate_path, |container| container.krate);
            let stub = expand::stub(&input, &krate);
            quote::quote!(#errors #stub)
        }
        (Ok(()), None) => TokenStream::new(),
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn all_mistakes_of_a_type_are_told_and_it_keeps_an_implementation() {
        let output = super::derive(quote! {
            struct A {
                #[schema(rang = 1..=5)]
                a: u8,
                #[serde(with = "b")]
                b: u8,
            }
        })
        .to_string();
        assert!(output.contains("did you mean `range`?"));
        assert!(output.contains("`with`"));
        assert_eq!(output.matches("compile_error").count(), 2);
        assert!(output.contains("Schema for A"));
    }
}
