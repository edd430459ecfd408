//! Support for `#[cfg(..)]` on a parameter or a method. An attribute macro sees the item before the compiler evaluates
//! the condition.
//!
//! The macros therefore generate one expansion per combination of conditions, under a `#[cfg(..)]` that selects it.
//! Usually, there is a single condition and the compiler discards one of two expansions.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Meta};

use super::Errors;

/// Maximum number of conditions. Each one doubles the number of expansions.
const MAX_CONDITIONS: usize = 4;

/// The distinct conditions on the parts of an item, each with its text.
#[derive(Default)]
pub(crate) struct Conditions {
    entries: Vec<(String, TokenStream)>,
}

/// One combination of the conditions, as the set of conditions that are true.
#[derive(Clone, Copy)]
pub(crate) struct Combination<'a> {
    conditions: &'a Conditions,
    bits: u32,
}

impl Conditions {
    /// Adds the conditions of these attributes.
    pub(crate) fn add(&mut self, attrs: &[Attribute], cx: &Errors) {
        for (attr, condition) in attrs.iter().filter_map(|attr| Some((attr, condition(attr)?))) {
            let text = condition.to_string();
            if self.entries.iter().any(|(known, _)| *known == text) {
                continue;
            }
            if self.entries.len() == MAX_CONDITIONS {
                cx.error(
                    attr,
                    format_args!(
                        "more than {MAX_CONDITIONS} different `#[cfg]` attributes; put the whole item under a single one"
                    ),
                );
                continue;
            }
            self.entries.push((text, condition));
        }
    }

    /// Generates an expansion for each combination.
    pub(crate) fn each(&self, expand: impl Fn(Combination<'_>) -> TokenStream) -> TokenStream {
        if self.entries.is_empty() {
            return expand(self.all());
        }
        let combinations = 0..1_u32 << self.entries.len();
        combinations
            .map(|bits| {
                let combination = Combination {
                    conditions: self,
                    bits,
                };
                let expansion = expand(combination);
                if expansion.is_empty() {
                    return TokenStream::new();
                }
                let conditions = self.entries.iter().enumerate().map(|(index, (_, condition))| {
                    if bits & (1 << index) == 0 {
                        quote!(not(#condition))
                    } else {
                        condition.clone()
                    }
                });
                quote!(#[cfg(all(#(#conditions),*))] #expansion)
            })
            .collect()
    }

    /// Returns the combination in which all conditions are true.
    fn all(&self) -> Combination<'_> {
        Combination {
            conditions: self,
            bits: u32::MAX,
        }
    }
}

impl Combination<'_> {
    /// Returns `true` if a part with these attributes exists in this combination.
    pub(crate) fn includes(&self, attrs: &[Attribute]) -> bool {
        attrs.iter().filter_map(condition).all(|condition| {
            let text = condition.to_string();
            let index = self
                .conditions
                .entries
                .iter()
                .position(|(known, _)| *known == text);
            index.is_none_or(|index| self.bits & (1 << index) != 0)
        })
    }
}

/// Returns `true` if the attributes contain a condition. Two conditional parts may share a name, because their
/// conditions may exclude each other.
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
    fn each_cfg_combination_expands_under_its_own_cfg() {
        let cx = Errors::new();
        let param: Attribute = parse_quote!(#[cfg(feature = "a")]);
        let mut conditions = Conditions::default();
        conditions.add(std::slice::from_ref(&param), &cx);
        conditions.add(std::slice::from_ref(&param), &cx);
        cx.finish().unwrap();
        let expanded = conditions.each(|combination| {
            let with = combination.includes(std::slice::from_ref(&param));
            quote!(const WITH: bool = #with;)
        });
        let expected = quote! {
            #[cfg(all(not(feature = "a")))]
            const WITH: bool = false;
            #[cfg(all(feature = "a"))]
            const WITH: bool = true;
        };
        assert_eq!(expanded.to_string(), expected.to_string());
    }

    #[test]
    fn items_without_cfg_expand_once() {
        let expanded = Conditions::default().each(|_| {
            quote!(
                const A: u8 = 1;
            )
        });
        assert_eq!(
            expanded.to_string(),
            quote!(
                const A: u8 = 1;
            )
            .to_string()
        );
    }
}
