//! Tests for the expansion of `#[toolkit]` on complete blocks and on blocks that are still being typed.

use quote::quote;

#[test]
fn the_impl_block_is_emitted_unchanged_except_for_tool_attributes() {
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
    let expected = quote! {
        impl<'a, T: Clone> Kit<'a, T> where T: Send {
            const LIMIT: u8 = 3;
            /// Looks.
            pub async fn look(&self, deep: bool) -> u8 { half typed $ }
            fn helper(self) -> Self { self }
        }
    };
    assert!(output.starts_with(&expected.to_string()), "{output}");
}

/// Returns `true` if the output makes `Kit` a toolkit, so that uses of `Kit` compile.
fn has_toolkit(output: &str) -> bool {
    output.contains("Toolset for Kit") || output.contains("__stub_toolkit ! ([] Kit [])")
}

#[test]
fn an_incomplete_body_still_emits_the_impl_block_and_its_tools() {
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
fn an_incomplete_method_does_not_affect_earlier_tools() {
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
    let incomplete = quote!(fn find(&self, city: )).to_string();
    assert!(output.contains(&incomplete), "{output}");
    assert!(output.contains(r#""look" => __agno :: Some"#), "{output}");
}

#[test]
fn an_incomplete_attribute_still_emits_the_impl_block_and_a_toolkit() {
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
        assert!(has_toolkit(&output), "{output}");
    }
}

#[test]
fn a_block_with_only_an_incomplete_method_has_no_error_about_missing_tools() {
    for method in [
        quote!(fn find(&self, city) -> u8 { 4 }),
        quote!(fn find(&self, city: ) -> u8 { 4 }),
        quote!(fn find(&self) -> ),
        quote!(async fn find(&self)),
        quote!(fn),
    ] {
        let block = quote! {
            impl Kit {
                /// Finds.
                #[tool]
                #method
            }
        };
        let output = super::toolkit(quote!(), &block).to_string();
        assert!(output.contains(&method.to_string()), "{output}");
        assert!(has_toolkit(&output), "{output}");
        assert!(!output.contains("has no tools"), "{output}");
    }
}

#[test]
fn an_incomplete_block_still_emits_the_item_and_a_toolkit() {
    for block in [quote!(impl Kit), quote!(impl Kit where), quote!(impl Kit;)] {
        let output = super::toolkit(quote!(), &block).to_string();
        assert!(output.contains(&block.to_string()), "{output}");
        assert!(output.contains("compile_error"), "{output}");
        assert!(has_toolkit(&output), "{output}");
    }
    let of_a_trait = quote!(impl Clone for Kit);
    let output = super::toolkit(quote!(), &of_a_trait).to_string();
    assert!(!has_toolkit(&output), "{output}");
}
