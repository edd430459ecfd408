//! `#[agent]`: a struct that declares an agent, its fields being what the agent is given.
//!
//! [`keys`], [`tools`], [`model_name`] and [`instructions`] read what is written, [`validate`] holds the rules that look
//! at several parts at once, [`expand`] writes the implementation and cannot fail.

mod expand;
mod instructions;
mod keys;
mod model_name;
mod output_name;
mod providers;
mod reads;
mod tools;
mod validate;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Item, ItemStruct};

use self::keys::{Keys, Words};
use crate::attr::{Errors, default_crate_path};
use crate::function::{given_twice, half_typed, is_macro, wrong_item};

/// Expands the attribute; the struct stays, whatever is wrong.
pub(crate) fn agent(attribute: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut item: ItemStruct = match syn::parse2(tokens.clone()) {
        Ok(item) => item,
        Err(error) => {
            let error = if syn::parse2::<Item>(tokens.clone()).is_ok() {
                wrong_item(
                    tokens,
                    "`#[agent]` goes on a struct, whose fields are what the agent is given; write `#[agent] struct Name;`",
                )
            } else {
                error
            }
            .into_compile_error();
            let stub = half_typed(tokens, "struct")
                .filter(|(_, generic)| !generic)
                .map(|(ident, _)| {
                    let krate = default_crate_path();
                    quote!(#krate::__private::__stub_agent!([] #ident [] ());)
                });
            return quote!(#error #tokens #stub);
        }
    };
    let cx = Errors::new();
    if let Some(second) = given_twice(&item.attrs, "agent") {
        cx.error(second, "`#[agent]` is given twice; keep one");
    }
    item.attrs.retain(|attr| !is_macro(attr, "agent"));
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

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn a_half_typed_attribute_leaves_the_struct_and_an_agent() {
        let item = quote! {
            /// Forecasts.
            #[derive(Debug)]
            pub struct Forecaster<'a> { pub(crate) language: &'a str }
        };
        for attribute in [
            quote!(instr),
            quote!(instructions =),
            quote!(instructions = , tools = [weather]),
            quote!(instructions = self., max_turns = 3),
            quote!(instructions = "In {lang"),
            quote!(tools = [wea, self.]),
            quote!(tools = [crate::]),
            quote!(tools = weather),
            quote!(output = Vec<, max_turns = 8),
            quote!(output = crate::),
            quote!(model = "openai:"),
            quote!(max_turns = ),
            quote!(,),
            quote!(= =),
        ] {
            let output = super::agent(attribute.clone(), &item).to_string();
            assert!(output.contains(&item.to_string()), "{attribute}: {output}");
            assert!(output.contains("compile_error"), "{attribute}: {output}");
            assert!(
                output.contains("__stub_agent ! ([< 'a >] Forecaster < 'a > [] ())"),
                "{attribute}: {output}"
            );
        }
    }

    #[test]
    fn a_half_typed_struct_stays_as_it_is_and_is_an_agent() {
        for item in [
            quote!(pub struct Forecaster { language: }),
            quote!(struct Forecaster { language }),
            quote!(struct Forecaster { pub }),
            quote!(struct Forecaster),
        ] {
            let output = super::agent(quote!(), &item).to_string();
            assert!(output.contains(&item.to_string()), "{output}");
            assert!(
                output.contains("__stub_agent ! ([] Forecaster [] ())"),
                "{output}"
            );
        }
    }

    #[test]
    fn mistakes_of_each_kind_are_told_together() {
        let output = super::agent(
            quote!(
                instuctions = "x",
                model = "skynet:t800",
                tools = [],
                max_turns = 0,
                max_output_retries = "2"
            ),
            &quote!(
                struct Agent;
            ),
        )
        .to_string();
        assert_eq!(output.matches("compile_error").count(), 6, "{output}");
    }
}
