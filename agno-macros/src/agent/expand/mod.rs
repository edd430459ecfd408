//! Generates the declaration next to the struct. The expansion of
//!
//! ```text
//! #[agent(instructions = "Answer in {language}.", tools = [weather, self.files], output = Trip, max_turns = 8)]
//! struct Forecaster { language: &'static str, files: Files }
//! ```
//!
//! adds this code after the struct:
//!
//! ```text
//! const _: () = {
//!     struct __Output;
//!     const __SHAPE: Shape = shape_of::<Trip>();
//!     declare_output!(__Output, "trip", "", __SHAPE.schema);
//!     impl Declared for Forecaster {
//!         const INFO: &'static AgentInfo =
//!             &AgentInfo::new("Forecaster", "..").with_limits(Limits::DEFAULT.with_max_turns(8));
//!         type Needs = NeedsToolsAndOutput;
//!         type Output = Trip;
//!         type Model = AnyModel;
//!         fn default_model(&self) -> Result<AnyModel, ModelError> { AnyModel::from_env() }
//!         fn instructions(&self) -> Cow<'_, str> { Cow::Owned(format!("Answer in {0}.", self.language)) }
//!         fn tools(&self) -> impl Toolset + '_ { ({ use weather as __Tool; ToolPath(__Tool {}).tools() }, borrowed(&self.files)) }
//!         fn output_schema<D: Dialect>(dialect: D) -> Option<OutputSchema<'static>> { .. }
//!         fn parse_output(text: &str) -> Result<Trip, String> { parse_output(__SHAPE, text) }
//!     }
//!     // .. and, for each entry of the list, a check of its names with the span of the entry
//! };
//! ```
//!
//! If the list has more than `MAX_LINEAR_ENTRIES` entries and the struct has no type or const parameters, a separate
//! method returns the list, and `tools` adds a table of names.

mod agents;
mod context;
mod info;
mod input;
mod instructions;
mod named;
mod output;
mod shared;
mod tools;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{WhereClause, parse_quote};

use super::model::Agent;
use super::validate;
use crate::common::default_crate_path;
use crate::common::item::{cfg_attributes, incomplete_item};
use crate::common::shareable::assumption;

/// Generates the struct and the implementation of `Declared`.
pub(super) fn agent(agent: &Agent<'_>) -> TokenStream {
    let Agent {
        item: declared,
        krate,
        ..
    } = agent;
    let ident = &declared.ident;
    let (parameters, arguments, _) = declared.generics.split_for_impl();
    let info = agent.info();
    let needs = agent.needs();
    let model = agent.model_items();
    let instructions = agent.instructions_expression();
    let (output_items, output) = agent.output_items();
    let (input_item, input) = agent.input_items();
    let tools = agent.tools_expression();
    let checks = agent.checks();
    let (item, shared) = agent.shared_item();
    let agents_items = agent.agents_items();
    let agents = agent.agents_method();
    let context_items = agent.context_items();
    let context = agent.context_method();
    let bounds = agent.bounds();
    let span = agent.span();
    let list = quote_spanned!(ident.span()=> impl __Toolset + '_);
    let cfg = cfg_attributes(&declared.attrs);
    // All tokens of the type have the same span: the compiler checks the type twice, but reports an error at one span
    // only once.
    let self_type: TokenStream = quote!(#ident #arguments)
        .into_iter()
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect();
    let declaration = quote_spanned! {span=>
        #(#cfg)*
        // The expansion repeats the user's types, which lints have already checked.
        #[allow(unused_qualifications, clippy::absolute_paths)]
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::{
                self as __agno, Contexts as __Contexts, Delegates as __Delegates, Dialect as _, PathTools as _,
                PlainFunction as __Tool, Toolset as __Toolset,
            };
            #shared
            #input_item
            #output_items
            #agents_items
            #context_items
            #[automatically_derived]
            impl #parameters __agno::Declared for #self_type #bounds {
                const INFO: &'static __agno::AgentInfo = const { &#info };
                type Needs = #needs;
                #model
                fn instructions(&self) -> __agno::Cow<'_, __agno::str> {
                    #instructions
                }
                fn tools(&self) -> #list {
                    #tools
                }
                #input
                #output
                #agents
                #context
            }
            #checks
        };
    };
    quote!(#item #declaration)
}

/// Generates the struct and its errors, and a stub so that uses of the agent cause no further errors.
pub(super) fn with_errors(agent: &Agent<'_>, errors: &syn::Error) -> TokenStream {
    let krate = &agent.krate;
    let (item, _) = agent.shared_item();
    let errors = errors.to_compile_error();
    let ident = &item.ident;
    let (parameters, arguments, bounds) = item.generics.split_for_impl();
    let output = match &agent.output {
        Some(output)
            if validate::constant_type_errors(&item, output.ty, "output", "the reply").is_empty() =>
        {
            output.ty.to_token_stream()
        }
        _ => quote!(()),
    };
    quote! {
        #errors
        #item
        #krate::__private::__stub_agent!([#parameters] #ident #arguments [#bounds] #output);
    }
}

/// Generates the error for an item that does not parse, the item itself, and a stub if it is a struct without generics.
pub(super) fn unparsed(item: &TokenStream, error: &syn::Error) -> TokenStream {
    let error = error.to_compile_error();
    let stub = incomplete_item(item, "struct")
        .filter(|(_, generic)| !generic)
        .map(|(ident, _)| {
            let krate = default_crate_path();
            quote!(#krate::__private::__stub_agent!([] #ident [] ());)
        });
    quote!(#error #item #stub)
}

impl Agent<'_> {
    /// Returns the span for errors about the entire implementation: the struct's name.
    fn span(&self) -> Span {
        Span::call_site().located_at(self.item.ident.span())
    }

    /// Generates the bounds of the implementation: the fields can be shared between threads, and an agent whose type depends
    /// on parameters can use the default model.
    fn bounds(&self) -> Option<WhereClause> {
        let open: Vec<_> = self
            .counted()
            .filter(|(_, member)| member.ty.is_open)
            .map(|(_, member)| &member.ty.tokens)
            .collect();
        let mut generics = self.item.generics.clone();
        if !open.is_empty() {
            let model = self.model_type();
            let predicates = &mut generics.make_where_clause().predicates;
            for ty in open {
                predicates.push(parse_quote!(#model: __agno::Serves<__agno::NeedsOf<#ty>>));
            }
        }
        if self.has_checked_fields() {
            let assumption = assumption(&shared::constant(self.span()), self.span());
            generics.make_where_clause().predicates.push(assumption);
        }
        generics.where_clause
    }

    /// Generates the type of the default model.
    fn model_type(&self) -> TokenStream {
        match self.attr.model.get() {
            None => {
                // The span of an entry, so that the compiler reports agents that call each other there.
                let member = self.counted().next().map(|(_, member)| member.span());
                let span = member.map_or_else(Span::call_site, |span| Span::call_site().located_at(span));
                quote_spanned!(span=> __agno::AnyModel)
            }
            Some(name) => {
                let api = format_ident!("{}", name.api.source().0);
                quote_spanned!(name.span=> __agno::models::#api)
            }
        }
    }

    /// Generates the model type and the default model. The code calls a macro in agno, which reports an error if the
    /// provider's feature is disabled.
    fn model_items(&self) -> TokenStream {
        let ty = self.model_type();
        let create = match self.attr.model.get() {
            None => quote!(__agno::AnyModel::from_env()),
            Some(name) => {
                let (provider, model) = (&name.provider, &name.model);
                let (api, feature) = name.api.source();
                let api = format_ident!("{api}");
                let message = format!(
                    "`{provider}` models require agno's `{feature}` feature; enable it in Cargo.toml: `features = [\"{feature}\"]`"
                );
                quote_spanned! {name.span=>
                    __agno::models::#api!(
                        <#ty as __agno::models::FromName>::from_name(#provider, #model),
                        ::core::compile_error!(#message)
                    )
                }
            }
        };
        quote_spanned! {self.span()=>
            type Model = #ty;
            fn default_model(&self) -> __agno::Result<Self::Model, __agno::ModelError> {
                #create
            }
        }
    }
}
