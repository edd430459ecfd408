//! The output of `#[toolkit]` for a whole block and for one that is still being typed.

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

/// Returns `true` if the output has a toolkit, so that uses of it compile.
fn has_toolkit(output: &str) -> bool {
    output.contains("Toolset for Kit") || output.contains("__stub_toolkit ! ([] Kit [])")
}

#[test]
fn an_incomplete_body_leaves_the_block_and_its_tools() {
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
fn an_incomplete_member_leaves_the_tools_before_it() {
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
fn an_incomplete_attribute_leaves_the_block_and_a_toolkit() {
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
