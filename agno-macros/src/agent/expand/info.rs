//! Generates the constants of an agent: its name, description and limits, and the capabilities its model must have.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::agent::model::Agent;

impl Agent<'_> {
    /// Generates the agent's name, description and limits.
    pub(super) fn info(&self) -> TokenStream {
        let (name, description) = (&self.name, &self.description);
        let turns = self.attr.max_turns.get().map(|turns| {
            // All tokens have the span of the number, so that the compiler reports a zero at the number.
            let turns = quote_spanned!(turns.span()=> __agno::check_max_turns(#turns));
            quote!(.with_max_turns(#turns))
        });
        let retries = self
            .attr
            .max_output_retries
            .get()
            .map(|retries| quote!(.with_max_output_retries(#retries)));
        let total = self.attr.max_total_turns.get().map(|turns| {
            let turns = quote_spanned!(turns.span()=> __agno::check_max_total_turns(#turns));
            quote!(.with_max_total_turns(#turns))
        });
        let limits = (turns.is_some() || total.is_some() || retries.is_some())
            .then(|| quote!(.with_limits(__agno::Limits::DEFAULT #turns #total #retries)));
        quote!(__agno::AgentInfo::new(#name, #description) #limits)
    }

    /// Generates the type of the capabilities that the model must have.
    pub(super) fn needs(&self) -> TokenStream {
        if self.counted().next().is_none() {
            return self.base_needs();
        }
        let (_, arguments, _) = self.item.generics.split_for_impl();
        quote!(__agno::NeedsOf<__Needs #arguments>)
    }

    /// Generates the type of the capabilities that the agent itself requires. Several capabilities become nested pairs.
    pub(super) fn base_needs(&self) -> TokenStream {
        let tools = self.attr.tools.is_set() || self.attr.agents.is_set();
        let output = self.attr.output.is_set();
        let first = match (tools, output) {
            (false, false) => "NeedsNothing",
            (true, false) => "NeedsTools",
            (false, true) => "NeedsOutput",
            (true, true) => "NeedsToolsAndOutput",
        };
        let reads = self
            .attr
            .reads
            .get()
            .into_iter()
            .flatten()
            .map(|media| media.needs());
        let mut needs = std::iter::once(first).chain(reads).map(|name| {
            let name = format_ident!("{name}");
            quote!(__agno::#name)
        });
        let first = needs.next().unwrap_or_default();
        needs.fold(first, |pair, next| quote!((#pair, #next)))
    }
}
