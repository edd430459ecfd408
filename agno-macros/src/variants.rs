//! `#[cfg(..)]` on a parameter or a method: an attribute macro sees the item before it is applied.
//!
//! The expansion is written once for each combination that the conditions can have, under a `#[cfg(..)]` that says
//! which. There is usually one condition, hence two expansions, one of which the compiler drops at once.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Meta};

use crate::attr::Errors;

/// More would make the expansion long: it doubles with each.
const MOST: usize = 4;

/// The different conditions of an item's parts.
#[derive(Default)]
pub(crate) struct Conditions {
    found: Vec<(String, TokenStream)>,
}

/// Which of the conditions hold.
#[derive(Clone, Copy)]
pub(crate) struct Holds<'a> {
    conditions: &'a Conditions,
    bits: u32,
}

impl Conditions {
    /// Adds those of these attributes.
    pub(crate) fn add(&mut self, attrs: &[Attribute], cx: &Errors) {
        for (attr, condition) in attrs.iter().filter_map(|attr| Some((attr, condition(attr)?))) {
            let text = condition.to_string();
            if self.found.iter().any(|(known, _)| *known == text) {
                continue;
            }
            if self.found.len() == MOST {
                cx.error(
                    attr,
                    format_args!(
                        "more than {MOST} different `#[cfg]`s; put the whole item under one of them"
                    ),
                );
                continue;
            }
            self.found.push((text, condition));
        }
    }

    /// An expansion for each combination.
    pub(crate) fn each(&self, expand: impl Fn(Holds<'_>) -> TokenStream) -> TokenStream {
        if self.found.is_empty() {
            return expand(self.all());
        }
        let combinations = 0..1_u32 << self.found.len();
        combinations
            .map(|bits| {
                let holds = Holds {
                    conditions: self,
                    bits,
                };
                let conditions = self.found.iter().enumerate().map(|(at, (_, condition))| {
                    if bits & (1 << at) == 0 {
                        quote!(not(#condition))
                    } else {
                        condition.clone()
                    }
                });
                let expansion = expand(holds);
                if expansion.is_empty() {
                    return TokenStream::new();
                }
                quote!(#[cfg(all(#(#conditions),*))] #expansion)
            })
            .collect()
    }

    /// All of them.
    fn all(&self) -> Holds<'_> {
        Holds {
            conditions: self,
            bits: u32::MAX,
        }
    }
}

impl Holds<'_> {
    /// Whether what has these attributes is there.
    pub(crate) fn includes(&self, attrs: &[Attribute]) -> bool {
        attrs.iter().filter_map(condition).all(|condition| {
            let text = condition.to_string();
            let at = self.conditions.found.iter().position(|(known, _)| *known == text);
            at.is_none_or(|at| self.bits & (1 << at) != 0)
        })
    }
}

/// Whether these attributes hold a condition: what has one may share its name with what has the opposite one.
pub(crate) fn is_conditional(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| condition(attr).is_some())
}

fn condition(attr: &Attribute) -> Option<TokenStream> {
    match &attr.meta {
        Meta::List(list) if list.path.is_ident("cfg") => Some(list.tokens.to_token_stream()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn each_combination_is_written_under_its_condition() {
        let cx = Errors::new();
        let param: Attribute = parse_quote!(#[cfg(feature = "a")]);
        let mut conditions = Conditions::default();
        conditions.add(std::slice::from_ref(&param), &cx);
        conditions.add(std::slice::from_ref(&param), &cx);
        cx.finish().unwrap();
        let written = conditions.each(|holds| {
            let with = holds.includes(std::slice::from_ref(&param));
            quote!(const WITH: bool = #with;)
        });
        let expected = quote! {
            #[cfg(all(not(feature = "a")))]
            const WITH: bool = false;
            #[cfg(all(feature = "a"))]
            const WITH: bool = true;
        };
        assert_eq!(written.to_string(), expected.to_string());
    }

    #[test]
    fn without_conditions_there_is_one_expansion() {
        let written = Conditions::default().each(|_| {
            quote!(
                const A: u8 = 1;
            )
        });
        assert_eq!(
            written.to_string(),
            quote!(
                const A: u8 = 1;
            )
            .to_string()
        );
    }
}
