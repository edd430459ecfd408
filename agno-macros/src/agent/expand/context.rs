//! Generates the list of the providers of an agent's context.
//!
//! ```text
//! struct __Context0;
//! impl ContextInfo for __Context0 { const NAME: &'static str = "memory"; const EACH_TURN: bool = true; }
//! // in the implementation of `Declared`:
//! fn context(&self) -> impl Contexts + '_ { provider::<__Context0, _, _>(&self.memory) }
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::tools::nested;
use crate::agent::context_list::Provider;
use crate::agent::entry_list::Source;
use crate::agent::model::Agent;
use crate::common::tool_fn::milliseconds;

impl Agent<'_> {
    /// Generates the items next to the implementation.
    pub(super) fn context_items(&self) -> TokenStream {
        let entries = self.context.iter().enumerate().map(|(index, provider)| {
            let entry = format_ident!("__Context{index}");
            let Provider {
                name,
                max_bytes,
                timeout,
                on_error,
                ..
            } = provider;
            let max_bytes = max_bytes.as_ref().map(|bytes| {
                let bytes = quote_spanned!(bytes.span()=> __agno::check_max_bytes(#bytes));
                quote!(const MAX_BYTES: __agno::usize = #bytes;)
            });
            let timeout = timeout.map(|timeout| {
                let timeout = milliseconds(timeout);
                quote!(const TIMEOUT: __agno::Duration = __agno::Duration::from_millis(#timeout);)
            });
            let on_error = on_error.map(|variant| {
                let variant = format_ident!("{variant}");
                quote!(const ON_ERROR: __agno::OnError = __agno::OnError::#variant;)
            });
            let each_turn = provider.each_turn.then(|| {
                quote!(
                    const EACH_TURN: __agno::bool = true;
                )
            });
            quote! {
                struct #entry;
                impl __agno::ContextInfo for #entry {
                    const NAME: &'static __agno::str = #name;
                    #max_bytes
                    #timeout
                    #on_error
                    #each_turn
                }
            }
        });
        entries.collect()
    }

    /// Generates the method that returns the list.
    pub(super) fn context_method(&self) -> TokenStream {
        if self.context.is_empty() {
            return TokenStream::new();
        }
        let providers = self.context.iter().enumerate();
        let list = nested(
            providers
                .map(|(index, provider)| entry(index, provider))
                .collect(),
        );
        quote_spanned! {self.span()=>
            fn context(&self) -> impl __Contexts + '_ {
                #list
            }
        }
    }
}

/// Generates the value of an entry. A field of a reference type is already borrowed.
fn entry(index: usize, provider: &Provider<'_>) -> TokenStream {
    let span = Span::call_site().located_at(provider.span());
    let entry = format_ident!("__Context{index}");
    let value = match provider.source {
        Source::Field(field) => {
            let this = Ident::new("self", span);
            match provider.is_reference {
                true => quote_spanned!(span=> &*#this.#field),
                false => quote_spanned!(span=> &#this.#field),
            }
        }
        Source::Path(path) => quote_spanned!(span=> &#path {}),
    };
    quote_spanned! {span=> {
        let __provider = #value;
        __agno::provider::<#entry, _, _>(__provider)
    }}
}
