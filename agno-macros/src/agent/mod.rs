//! `#[agent]`: a struct that declares an agent, its fields being what the agent is given.
//!
//! [`keys`], [`tools`], [`model_name`] and [`instructions`] read what is written, [`validate`] holds the rules that look
//! at several parts at once, [`expand`] writes the implementation and cannot fail.

mod expand;
mod instructions;
mod keys;
mod model_name;
mod output_name;
mod tools;
mod validate;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Item, ItemStruct};

use self::keys::{Keys, Words};
use crate::attr::{Errors, default_crate_path};
use crate::function::wrong_item;

/// Expands the attribute; the struct stays, whatever is wrong.
pub(crate) fn agent(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let item: ItemStruct = match syn::parse2(item.clone()) {
        Ok(item) => item,
        Err(error) => {
            let error = if syn::parse2::<Item>(item.clone()).is_ok() {
                wrong_item(
                    item,
                    "`#[agent]` goes on a struct, whose fields are what the agent is given; write `#[agent] struct Name;`",
                )
            } else {
                error
            }
            .into_compile_error();
            return quote!(#error #item);
        }
    };
    let cx = Errors::new();
    let keys = Keys::of(attribute, &cx);
    let krate = keys.krate.get().cloned().unwrap_or_else(default_crate_path);
    let template = match keys.instructions.get() {
        Some(Words::Text(text)) => Some(instructions::template(text, &item.fields, &cx)),
        _ => None,
    };
    validate::agent(&item, &keys, &cx);
    if let Err(errors) = cx.finish() {
        let errors = errors.into_compile_error();
        let ident = &item.ident;
        let (parameters, arguments, bounds) = item.generics.split_for_impl();
        let output = match keys.output.get() {
            Some(ty) if validate::output_is_constant(&item, ty) => ty.to_token_stream(),
            _ => quote!(()),
        };
        return quote! {
            #errors
            #item
            #krate::__private::__stub_agent!([#parameters] #ident #arguments [#bounds] #output);
        };
    }
    let expansion = expand::agent(&expand::Agent {
        item: &item,
        keys: &keys,
        template,
        krate: &krate,
    });
    quote!(#item #expansion)
}
