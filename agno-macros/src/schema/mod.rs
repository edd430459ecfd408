//! Implements `#[derive(Schema)]`, which describes a type's serde format in a constant.
//!
//! [`parse`] reads `#[serde(..)]` ([`crate::common::schema_attr`] reads `#[schema(..)]`), [`model`] resolves names and
//! shapes, [`validate`] checks the rules that involve several parts, and [`expand`] generates the schema and cannot
//! fail. [`case`] implements serde's `rename_all`, [`types`] rewrites field types, and [`schemars_attr`] reports attributes of
//! another derive.

mod case;
mod expand;
mod model;
mod parse;
mod schemars_attr;
mod types;
mod validate;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::common::Errors;

/// Expands the derive. An invalid type expands into its errors and a stub that prevents further errors.
pub(crate) fn derive(input: &TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input.clone()) {
        Ok(input) => input,
        Err(error) => return expand::unparsed(input, &error),
    };
    let cx = Errors::new();
    let container = model::container(&input, &cx);
    if let Some(container) = &container {
        validate::container(container, &cx);
    }
    let mut tokens = match (cx.finish(), &container) {
        (Ok(()), Some(container)) => expand::schema(container),
        (Ok(()), None) => TokenStream::new(),
        (Err(errors), container) => expand::with_errors(&input, container.as_ref(), &errors),
    };
    if let Some(container) = &container {
        tokens.extend(schemars_attr::checks(&input, &container.krate));
    }
    tokens
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn an_incomplete_type_still_implements_schema() {
        for input in [
            quote!(
                struct A {
                    a: ,
                }
            ),
            quote!(
                pub struct A {
                    a
                }
            ),
            quote!(
                enum A {
                    B(,)
                }
            ),
            quote!(struct A),
            quote!(
                struct A {
                    #[schema(range = )]
                    a: u8,
                }
            ),
            quote!(
                struct A {
                    #[schema(rang)]
                    a: u8,
                }
            ),
            quote!(
                #[serde(rename_all = )]
                enum A {
                    B,
                }
            ),
        ] {
            let output = super::derive(&input).to_string();
            assert!(output.contains("Schema for A"), "{input}: {output}");
            assert!(output.contains("compile_error"), "{input}: {output}");
        }
    }

    #[test]
    fn a_type_with_errors_reports_all_of_them_and_still_implements_schema() {
        let output = super::derive(&quote! {
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
