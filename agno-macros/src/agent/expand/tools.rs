//! Generates the list of an agent's tools, and the checks of the tool names.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Fields, GenericParam, Member, Type};

use super::named::named;
use crate::agent::model::Agent;
use crate::agent::tool_list::ToolSource;

/// Maximum length of a tuple of tools. A longer list becomes a tuple of tuples.
const MAX_TUPLE: usize = 8;

/// Maximum number of entries for a linear search. An entry is a single tool, or a toolkit that finds its tools with a
/// `match`. A table is no faster for so few entries.
const MAX_LINEAR_ENTRIES: usize = 16;

impl Agent<'_> {
    /// Generates the entries as one value. Each entry keeps its span in the attribute, so the compiler reports an entry
    /// that is not a list of tools at that span. The error appears only once, because the return type of `tools` or
    /// `borrowed` is then unknown and cannot cause a second error.
    fn tuple(&self) -> TokenStream {
        nested(self.tools().iter().map(|source| self.source(source)).collect())
    }

    fn source(&self, source: &ToolSource) -> TokenStream {
        let span = source.span();
        match source {
            ToolSource::SelfToolkit(this) => quote_spanned!(span=> __agno::borrowed(#this)),
            ToolSource::Path(path) => named(path, span),
            ToolSource::Field { expr, first } => {
                // A field of a reference type is already borrowed.
                let direct = matches!(expr, Expr::Field(field) if field.member == *first);
                let is_reference = direct
                    && member_type(&self.item.fields, first)
                        .is_some_and(|ty| matches!(ty, Type::Reference(_)));
                let borrow = if is_reference {
                    quote_spanned!(span=> &*)
                } else {
                    quote_spanned!(span=> &)
                };
                let local = Ident::new("__list", span);
                quote_spanned!(span=> { let #local = #borrow #expr; __agno::borrowed(#local) })
            }
        }
    }

    /// Generates the expression for the complete list.
    pub(super) fn tools_expression(&self) -> TokenStream {
        if self.tools().is_empty() {
            return quote!(__agno::NoTools);
        }
        let mut tools = self.tuple();
        if self.tools().len() > MAX_LINEAR_ENTRIES {
            tools = quote!(__agno::Indexed::new(#tools));
        }
        if !self.is_generic() {
            return tools;
        }
        match self.max_tools() {
            Some((max, span)) => {
                let agents = self.members.len();
                quote_spanned!(span=> __agno::at_most::<#max, #agents, _>(__agno::unique(#tools)))
            }
            None => quote!(__agno::unique(#tools)),
        }
    }

    /// Returns `true` if the types of the tools may depend on generic parameters.
    fn is_generic(&self) -> bool {
        let mut parameters = self.item.generics.params.iter();
        parameters.any(|parameter| !matches!(parameter, GenericParam::Lifetime(_)))
    }

    /// Generates a check of each entry that reports duplicate names at the entry. The tools of a
    /// generic agent depend on its type arguments, so its complete list is checked where the agent is instantiated.
    pub(super) fn checks(&self) -> TokenStream {
        let sources = self.tools();
        let agents = self.members.len();
        if sources.is_empty() {
            let fits = self.max_tools().filter(|_| agents > 0).map(|(max, span)| {
                quote_spanned!(span=> const _: () = __agno::check_count(&__agno::StaticTools::NONE, #agents, #max);)
            });
            return fits.unwrap_or_default();
        }
        if self.is_generic() {
            return TokenStream::new();
        }
        let ident = &self.item.ident;
        let lifetimes = self.item.generics.params.iter().map(|_| quote!('static));
        let self_type = self.if_shared(&quote!(#ident<#(#lifetimes),*>));
        let count = sources.len();
        let agent_names = self.agent_name_checks();
        let checks = sources
            .iter()
            .enumerate()
            .map(|(index, source)| quote_spanned!(source.span()=> __agno::check_entry(__CLASHES[#index]);));
        let fits = self.max_tools().map(
            |(max, span)| quote_spanned!(span=> const _: () = __agno::check_count(&__ALL, #agents, #max);),
        );
        // A single constant for all entries, because each constant takes about as long to compile as a short function. It
        // reports the first duplicate name of an agent.
        quote! {
            const __ALL: __agno::StaticTools = __agno::static_of(<#self_type as __agno::Declared>::tools);
            const __CLASHES: [__agno::Option<&__agno::str>; #count] = __agno::clashes(&__ALL);
            const _: () = { #(#checks)* };
            #agent_names
            #fits
        }
    }
}

/// Generates a tuple of the entries, or a tuple of tuples if there are more than [`MAX_TUPLE`].
pub(super) fn nested(mut entries: Vec<TokenStream>) -> TokenStream {
    while entries.len() > MAX_TUPLE {
        entries = entries
            .chunks(MAX_TUPLE)
            .map(|chunk| quote!((#(#chunk,)*)))
            .collect();
    }
    match entries.as_slice() {
        [one] => one.clone(),
        many => quote!((#(#many),*)),
    }
}

fn member_type<'a>(fields: &'a Fields, name: &Member) -> Option<&'a Type> {
    fields
        .members()
        .zip(fields)
        .find_map(|(member, field)| (member == *name).then_some(&field.ty))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tool_lists_expand_to_nested_tuples() {
        let entries = |count: usize| (0..count).map(|_| quote!(a)).collect();
        assert_eq!(nested(entries(1)).to_string(), "a");
        assert_eq!(nested(entries(2)).to_string(), quote!((a, a)).to_string());
        assert_eq!(
            nested(entries(9)).to_string(),
            quote!(((a, a, a, a, a, a, a, a,), (a,))).to_string()
        );
    }
}
