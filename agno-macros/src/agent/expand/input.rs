//! Generates the typed input of an agent, which other agents fill in when they call it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::agent::model::Agent;

impl Agent<'_> {
    /// Generates the item next to the implementation, and the associated items for the input. Each bound of the type is
    /// required once, so that a missing implementation causes one error.
    pub(super) fn input_items(&self) -> (TokenStream, TokenStream) {
        let Some(ty) = self.attr.input.get() else {
            return (TokenStream::new(), TokenStream::new());
        };
        let schema = quote_spanned!(ty.span()=> __agno::schema_of::<#ty>());
        let message = quote_spanned!(ty.span()=> {
            __agno::input_message::<#ty>(__INPUT, const { __INPUT.is_constrained() }, __arguments)
        });
        let check = quote_spanned!(ty.span()=> const _: () = __agno::check_input(__INPUT););
        let item = quote! {
            const __INPUT: __agno::SchemaRef = #schema;
            #check
        };
        let part = quote_spanned! {self.span()=>
            const INPUT: __agno::SchemaRef = __INPUT;
            fn input(
                __arguments: &__agno::str,
            ) -> __agno::Result<__agno::Message, __agno::ToolResult> {
                #message
            }
        };
        (item, part)
    }
}
