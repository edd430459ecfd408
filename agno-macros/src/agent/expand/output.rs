//! Generates the schema and the parser of an agent's output.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::agent::model::{Agent, Output};

impl Agent<'_> {
    /// Generates the items next to the implementation, and the associated items for the output.
    pub(super) fn output_items(&self) -> (TokenStream, TokenStream) {
        let Some(Output { ty, name }) = &self.output else {
            let part = quote_spanned! {self.span()=>
                type Output = ();
                fn parse_output(_: &__agno::str) -> __agno::Result<(), __agno::String> {
                    __agno::Ok(())
                }
            };
            return (TokenStream::new(), part);
        };
        if self.attr.schemars.is_set() {
            return self.schemars_output(ty, name);
        }
        let shape = quote_spanned!(ty.span()=> __agno::shape_of::<#ty>());
        let parse = quote_spanned!(ty.span()=> __agno::parse_output::<#ty>(__SHAPE, __text));
        let items = quote! {
            struct __Output;
            const __SHAPE: __agno::Shape = #shape;
            __agno::declare_output!(__Output, #name, "", __SHAPE.schema);
        };
        let part = quote_spanned! {self.span()=>
            type Output = #ty;
            fn output_schema<__D: __agno::Dialect>(
                __dialect: __D,
            ) -> __agno::Option<__agno::OutputSchema<'static>> {
                __agno::Some(__agno::OutputSchema::rendered::<__Output, __D>(#name, __dialect, __SHAPE.schema))
            }
            fn parse_output(__text: &__agno::str) -> __agno::Result<#ty, __agno::String> {
                #parse
            }
        };
        (items, part)
    }

    /// Generates the same parts for a type that implements `schemars::JsonSchema`. Its schema is computed once, at run
    /// time.
    fn schemars_output(&self, ty: &Type, name: &str) -> (TokenStream, TokenStream) {
        let output = quote_spanned!(ty.span()=> __agno::schemars_output::<#ty>(#name));
        let disabled = quote_spanned! {self.attr.schemars.span()=>
            ::core::compile_error!("`schemars` outputs require agno's `schemars` feature; enable it in Cargo.toml: `features = [\"schemars\"]`");
        };
        let items = quote! {
            __agno::__needs_schemars!(#disabled);
            static __OUTPUT: __agno::SchemarsOutput<#ty> = #output;
        };
        let part = quote_spanned! {self.span()=>
            type Output = #ty;
            fn output_schema<__D: __agno::Dialect>(_: __D) -> __agno::Option<__agno::OutputSchema<'static>> {
                __agno::Some(__OUTPUT.schema())
            }
            fn parse_output(__text: &__agno::str) -> __agno::Result<#ty, __agno::String> {
                __OUTPUT.parse(__text)
            }
        };
        (items, part)
    }
}
