//! `#[toolkit]`: an `impl` block whose methods a model may call.
//!
//! [`parse`] reads the block, [`crate::tool`] its methods, [`validate`] holds the rules of the whole, [`expand`] writes
//! the implementation and cannot fail.

mod expand;
mod parse;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use self::parse::{Block, tokens, tool_attribute};
use crate::attr::{Errors, Slot, crate_path, default_crate_path, items, unknown_key};
use crate::function::wrong_item;
use crate::tool::conditions_of;
use crate::tool::keys::Keys;
use crate::tool::model::Tool;
use crate::variants::{Conditions, Holds};

/// Expands the attribute; the block stays, whatever is wrong.
pub(crate) fn toolkit(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let block: Block = match syn::parse2(item.clone()) {
        Ok(block) => block,
        Err(error) => {
            let error = if starts_with_impl(item) {
                error
            } else {
                wrong_item(
                    item,
                    "`#[toolkit]` goes on an `impl` block; write `#[toolkit] impl Type { #[tool] fn name(&self) { .. } }`",
                )
            }
            .into_compile_error();
            return quote!(#error #item);
        }
    };
    let cx = Errors::new();
    let krate = keys(attribute, &cx)
        .into_value()
        .unwrap_or_else(default_crate_path);
    let tools = tools(&block, None, &cx);
    validate::toolkit(&block, &tools, &cx);
    let mut conditions = Conditions::default();
    for tool in &tools {
        conditions.add(&tool.function.attrs, &cx);
        conditions_of(tool.function, &mut conditions, &cx);
    }
    let kept = block.stripped();
    if let Err(errors) = cx.finish() {
        let errors = errors.into_compile_error();
        if block.of_trait.is_some() {
            return quote!(#errors #kept);
        }
        let (parameters, _, bounds) = block.generics.split_for_impl();
        let ty = &block.ty;
        return quote!(#errors #kept #krate::__private::__stub_toolkit!([#parameters] #ty [#bounds]););
    }
    let own: Vec<_> = block
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .collect();
    let expansion = conditions.each(|holds| {
        // What was read once without errors reads again without any.
        let cx = Errors::new();
        let tools = self::tools(&block, Some(holds), &cx);
        drop(cx.finish());
        let expansion = expand::toolkit(&block, &tools, &krate);
        quote!(#(#own)* #expansion)
    });
    quote!(#kept #expansion)
}

/// `#[toolkit(crate = path)]`.
fn keys(attribute: TokenStream, cx: &Errors) -> Slot<Path> {
    let mut krate = Slot::empty();
    for item in items(attribute, cx) {
        match item.name() {
            "crate" => krate.set(cx, &item, crate_path(&item)),
            _ => unknown_key(cx, &item.key, &["crate"]),
        }
    }
    krate
}

/// The tools of a block, or those whose conditions hold.
fn tools<'a>(block: &'a Block, holds: Option<Holds<'_>>, cx: &Errors) -> Vec<Tool<'a>> {
    block
        .functions()
        .filter_map(|function| {
            let attribute = tool_attribute(function)?;
            if holds.is_some_and(|holds| !holds.includes(&function.attrs)) {
                return None;
            }
            let mut tool = Tool::of(function, Keys::of(tokens(attribute), cx), cx);
            if let Some(holds) = holds {
                tool.retain(holds);
            }
            Some(tool)
        })
        .collect()
}

fn starts_with_impl(item: &TokenStream) -> bool {
    item.clone()
        .into_iter()
        .any(|token| matches!(&token, proc_macro2::TokenTree::Ident(ident) if ident == "impl"))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn the_block_stays_as_it_was_written() {
        let output = super::toolkit(
            quote!(),
            &quote! {
                impl<'a, T: Clone> Kit<'a, T> where T: Send {
                    const LIMIT: u8 = 3;
                    /// Looks.
                    #[tool]
                    pub async fn look(&self, #[arg(default)] deep: bool) -> u8 { half typed $ }
                    fn helper(self) -> Self { self }
                }
            },
        )
        .to_string();
        let kept = quote! {
            impl<'a, T: Clone> Kit<'a, T> where T: Send {
                const LIMIT: u8 = 3;
                /// Looks.
                pub async fn look(&self, deep: bool) -> u8 { half typed $ }
                fn helper(self) -> Self { self }
            }
        };
        assert!(output.starts_with(&kept.to_string()), "{output}");
    }

    /// The toolkit exists, so that what is typed elsewhere finds it.
    fn has_a_toolkit(output: &str) -> bool {
        output.contains("Toolset for Kit") || output.contains("__stub_toolkit ! ([] Kit [])")
    }

    #[test]
    fn a_half_typed_body_leaves_the_block_and_its_tools() {
        for body in [
            quote!({ self. }),
            quote!({ let x = self.0.; x }),
            quote!({ match self }),
        ] {
            let output = super::toolkit(
                quote!(),
                &quote! {
                    impl Kit {
                        /// Looks.
                        #[tool]
                        fn look(&self) -> u8 #body
                        fn helper(&self) #body
                    }
                },
            )
            .to_string();
            assert!(
                output.contains(&quote!(fn look(&self) -> u8 #body).to_string()),
                "{output}"
            );
            assert!(
                output.contains(&quote!(fn helper(&self) #body).to_string()),
                "{output}"
            );
            assert!(output.contains("__agno :: Toolset for Kit"), "{output}");
            assert!(!output.contains("compile_error"), "{output}");
        }
    }

    #[test]
    fn a_half_typed_member_leaves_the_tools_before_it() {
        let output = super::toolkit(
            quote!(),
            &quote! {
                impl Kit {
                    /// Looks.
                    #[tool]
                    fn look(&self) -> u8 { 4 }
                    #[tool]
                    fn find(&self, city: )
                }
            },
        )
        .to_string();
        assert!(output.contains("fn look (& self) -> u8 { 4 }"), "{output}");
        let half = quote!(fn find(&self, city: )).to_string();
        assert!(output.contains(&half), "{output}");
        assert!(output.contains(r#""look" => __agno :: Some"#), "{output}");
    }

    #[test]
    fn a_half_typed_attribute_leaves_the_block_and_a_toolkit() {
        for attribute in [
            quote!(rea),
            quote!(timeout =),
            quote!(timeout = , read_only),
            quote!(,),
        ] {
            let output = super::toolkit(
                quote!(),
                &quote! {
                    impl Kit {
                        /// Looks.
                        #[tool(#attribute)]
                        fn look(&self) -> u8 { self. }
                    }
                },
            )
            .to_string();
            assert!(output.contains("fn look (& self) -> u8 { self . }"), "{output}");
            assert!(output.contains("compile_error"), "{output}");
            assert!(has_a_toolkit(&output), "{output}");
        }
    }
}
