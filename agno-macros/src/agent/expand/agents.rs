//! Generates the list of the agents that an agent can call, and the checks of its entries.
//!
//! ```text
//! struct __Entry0;
//! impl MemberInfo for __Entry0 { const NAME: &'static str = "researcher"; }
//! type __Agent0<'a> = Researcher<'a>;
//! const __AGENT0: usize = is_agent::<__Agent0<'static>, _>();
//! pub struct __Needs<'a>(PhantomData<fn() -> Desk<'a>>);
//! impl<'a, M: Model> ServedBy<M> for __Needs<'a>
//!     where M: Serves<(NeedsTools, NeedsOf<Checked<__AGENT0, __Agent0<'a>>>)> {}
//! // in the implementation of `Declared`:
//! type Needs = NeedsOf<__Needs<'a>>;
//! fn agents(&self) -> impl Delegates + '_ { member::<__Entry0, _, _>(&self.researcher) }
//! ```
//!
//! `__Needs` is public, so that the fields of a public agent can have private types.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::parse_quote;

use super::tools::nested;
use crate::agent::agent_list::Member;
use crate::agent::entry_list::Source;
use crate::agent::model::Agent;

impl Agent<'_> {
    /// Generates the items next to the implementation.
    pub(super) fn agents_items(&self) -> TokenStream {
        if self.members.is_empty() {
            return TokenStream::new();
        }
        let entries = self.members.iter().enumerate().map(|(index, member)| {
            let entry = format_ident!("__Entry{index}");
            let name = &member.name;
            let description = member.description.as_ref().map(
                |text| quote!(const DESCRIPTION: __agno::Option<&'static __agno::str> = __agno::Some(#text);),
            );
            let depth = member
                .depth
                .map(|depth| quote!(const DEPTH: __agno::Option<__agno::u32> = __agno::Some(#depth);));
            let checks = self.member_checks(index, member);
            quote! {
                struct #entry;
                impl __agno::MemberInfo for #entry {
                    const NAME: &'static __agno::str = #name;
                    #description
                    #depth
                }
                #checks
            }
        });
        let needs = self.needs_items();
        quote!(#(#entries)* #needs)
    }

    /// Generates the checks of an entry whose type is known.
    fn member_checks(&self, index: usize, member: &Member<'_>) -> TokenStream {
        if member.ty.is_open {
            return TokenStream::new();
        }
        let span = Span::call_site().located_at(member.span());
        let (tokens, lifetimes) = (&member.ty.tokens, &member.ty.lifetimes);
        let (alias, check) = (format_ident!("__Agent{index}", span = span), check_ident(index));
        let generics = (!lifetimes.is_empty()).then(|| quote!(<#(#lifetimes),*>));
        let every = lifetimes.iter().map(|_| quote!('static));
        let arguments = (!lifetimes.is_empty()).then(|| quote!(<#(#every),*>));
        let description = member.description.is_none().then(|| {
            quote_spanned! {span=>
                const _: () = __agno::check_description::<__agno::Checked<#check, #alias #arguments>, _>();
            }
        });
        let is_agent = quote_spanned!(span=> __agno::is_agent::<#alias #arguments, _>());
        quote! {
            type #alias #generics = #tokens;
            const #check: __agno::usize = #is_agent;
            #description
        }
    }

    /// Generates the type of the requirements, if they include those of other agents.
    fn needs_items(&self) -> TokenStream {
        if self.counted().next().is_none() {
            return TokenStream::new();
        }
        let ident = &self.item.ident;
        let (parameters, arguments, bounds) = self.item.generics.split_for_impl();
        let needs = self.counted().fold(self.base_needs(), |needs, (index, member)| {
            let ty = member_type(index, member);
            quote!((#needs, __agno::NeedsOf<#ty>))
        });
        let mut generics = self.item.generics.clone();
        generics.params.push(parse_quote!(__M: __agno::Model));
        let predicates = &mut generics.make_where_clause().predicates;
        predicates.push(parse_quote!(__M: __agno::Serves<#needs>));
        let (impl_parameters, _, impl_bounds) = generics.split_for_impl();
        quote! {
            #[allow(
                dead_code,
                missing_debug_implementations,
                missing_docs,
                private_bounds,
                unnameable_types,
                unreachable_pub
            )]
            pub struct __Needs #parameters (__agno::PhantomData<fn() -> #ident #arguments>) #bounds;
            impl #impl_parameters __agno::ServedBy<__M> for __Needs #arguments #impl_bounds {}
        }
    }

    /// Returns the entries whose requirements are requirements of the agent. Those of an entry with a depth are checked
    /// at run time, because the requirements of an agent that calls itself would contain themselves.
    pub(super) fn counted(&self) -> impl Iterator<Item = (usize, &Member<'_>)> {
        let members = self.members.iter().enumerate();
        members.filter(|(_, member)| member.depth.is_none())
    }

    /// Generates the method that returns the list.
    pub(super) fn agents_method(&self) -> TokenStream {
        if self.members.is_empty() {
            return TokenStream::new();
        }
        let members = self.members.iter().enumerate();
        let list = nested(members.map(|(index, member)| entry(index, member)).collect());
        quote_spanned! {self.span()=>
            fn agents(&self) -> impl __Delegates + '_ {
                #list
            }
        }
    }

    /// Generates the check of each name against the names of the tools.
    pub(super) fn agent_name_checks(&self) -> TokenStream {
        let checks = self.members.iter().map(|member| {
            let name = &member.name;
            let span = Span::call_site().located_at(member.span());
            quote_spanned!(span=> const _: () = __agno::check_agent_name(&__ALL, #name);)
        });
        checks.collect()
    }
}

fn check_ident(index: usize) -> Ident {
    format_ident!("__AGENT{index}")
}

/// Generates the type of an entry.
fn member_type(index: usize, member: &Member<'_>) -> TokenStream {
    if member.ty.is_open {
        return member.ty.tokens.clone();
    }
    let (alias, check, lifetimes) = (
        format_ident!("__Agent{index}"),
        check_ident(index),
        &member.ty.lifetimes,
    );
    let arguments = (!lifetimes.is_empty()).then(|| quote!(<#(#lifetimes),*>));
    quote!(__agno::Checked<#check, #alias #arguments>)
}

/// Generates the value of an entry.
fn entry(index: usize, member: &Member<'_>) -> TokenStream {
    let span = Span::call_site().located_at(member.span());
    let entry = format_ident!("__Entry{index}");
    let value = match member.source {
        Source::Field(field) => {
            let this = Ident::new("self", span);
            quote_spanned!(span=> #this.#field)
        }
        Source::Path(_) if member.ty.is_open => {
            let ty = &member.ty.tokens;
            quote_spanned!(span=> #ty {})
        }
        Source::Path(_) => {
            let alias = format_ident!("__Agent{index}", span = span);
            quote_spanned!(span=> #alias {})
        }
    };
    if member.ty.is_open {
        return quote_spanned!(span=> __agno::member::<#entry, _, _>(&#value));
    }
    let ty = member_type(index, member);
    quote_spanned! {span=> {
        let __agent: &#ty = &#value;
        __agno::member::<#entry, _, _>(__agent)
    }}
}
