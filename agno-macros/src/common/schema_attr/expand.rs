//! Generates method calls on a schema's node from the keys of a schema attribute.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::literal::Literal;
use super::parse::SchemaAttr;

impl SchemaAttr {
    /// Generates the constraints as modifier calls around `node`. Each modifier has the span of its key, so the compiler
    /// points at the key if the constraint does not apply to the type.
    pub(crate) fn constrain(&self, mut node: TokenStream) -> TokenStream {
        let mut call = |span: Span, modifier: &str, arguments: TokenStream| {
            let modifier = Ident::new(modifier, span);
            let arguments = quote!(#node, #arguments);
            node = quote_spanned!(span=> __Node::#modifier(#arguments));
        };
        let limit = quote!(__agno::Limit);
        if let Some(range) = self.range.get() {
            let span = self.range.span();
            if let Some(min) = range.min {
                call(span, "at_least", min.limit(&limit));
            }
            if let Some(max) = range.max {
                let modifier = if range.exclusive { "below" } else { "at_most" };
                call(span, modifier, max.limit(&limit));
            }
        }
        if let Some((min, max)) = self.len.get() {
            let max = match max {
                Some(max) => quote!(::core::option::Option::Some(#max)),
                None => quote!(::core::option::Option::None),
            };
            call(self.len.span(), "len", quote!(#min, #max));
        }
        if let Some(pattern) = self.pattern.get() {
            let text = &pattern.text;
            call(self.pattern.span(), "pattern", quote!(#text));
        }
        if let Some(format) = self.format.get() {
            call(self.format.span(), "format", quote!(#format));
        }
        if let Some(step) = self.multiple_of.get() {
            call(self.multiple_of.span(), "multiple_of", step.limit(&limit));
        }
        if self.unique.get().is_some() {
            call(self.unique.span(), "unique", TokenStream::new());
        }
        node
    }

    /// Generates the constraints as a slice of rules. Unlike [`constrain`](Self::constrain), the rules ignore a constraint
    /// that does not apply to the type.
    pub(crate) fn rules(&self) -> TokenStream {
        let limit = quote!(__agno::Limit);
        let mut rules = Vec::new();
        if let Some(range) = self.range.get() {
            let min = range.min.map(|min| min.limit(&limit));
            rules.extend(min.map(|min| quote!(AtLeast(#min))));
            let max = range.max.map(|max| max.limit(&limit));
            rules.extend(max.map(|max| {
                if range.exclusive {
                    quote!(Below(#max))
                } else {
                    quote!(AtMost(#max))
                }
            }));
        }
        if let Some((min, max)) = self.len.get() {
            let max = match max {
                Some(max) => quote!(::core::option::Option::Some(#max)),
                None => quote!(::core::option::Option::None),
            };
            rules.push(quote!(Len(#min, #max)));
        }
        rules.extend(self.pattern.get().map(|pattern| {
            let text = &pattern.text;
            quote!(Pattern(#text))
        }));
        rules.extend(self.format.get().map(|format| quote!(Format(#format))));
        rules.extend(self.multiple_of.get().map(|step| {
            let step = step.limit(&limit);
            quote!(MultipleOf(#step))
        }));
        rules.extend(self.unique.get().map(|()| quote!(Unique)));
        quote!(&[#(__agno::Rule::#rules),*])
    }

    /// Generates a constant that does not compile if a constraint does not apply to the type.
    pub(crate) fn rule_check(&self, schema: &TokenStream) -> TokenStream {
        let constrained = self.constrain(quote!(*#schema.base()));
        quote!(const _: __agno::Node = #constrained;)
    }

    /// Generates the examples, the default and `deprecated` as method calls.
    pub(crate) fn annotations(&self) -> Vec<TokenStream> {
        let mut calls = Vec::new();
        if !self.examples.is_empty() {
            let examples = self.examples.iter().map(|example| &example.json);
            calls.push(quote!(.examples(&[#(#examples),*])));
        }
        if let Some(default) = self.default.get() {
            let json = &default.json;
            calls.push(quote!(.default(#json)));
        }
        if self.deprecated.get().is_some() {
            calls.push(quote!(.deprecated()));
        }
        calls
    }
}

/// Generates a constant that does not compile if the literal does not match the schema. The constant has the span of
/// the literal.
pub(crate) fn example_check(example: &Literal, schema: &TokenStream) -> TokenStream {
    let json = &example.json;
    let span = example.expr.span();
    quote_spanned!(span=> const _: () = __agno::check_example(#schema, #json);)
}
