//! Tests for the expansion of `#[tool]` on items with errors and on items that are still being typed.

use quote::quote;

#[test]
fn a_tool_with_errors_reports_all_of_them_and_still_emits_the_function() {
    let output = super::tool(
        quote!(tiemout = "5s", name = "a b"),
        &quote!(
            async fn look((a, b): (u8, u8), c: impl Into<String>) -> u8 {
                half typed $
            }
        ),
    )
    .to_string();
    assert_eq!(output.matches("compile_error").count(), 5, "{output}");
    assert!(output.contains("half typed $"));
    assert!(output.contains("struct look"));
    assert!(output.contains("did you mean `timeout`?"));
}

/// Editors expand the macro while the body is still being typed. The function must stay unchanged, and its tool
/// must exist.
#[test]
fn an_incomplete_body_is_emitted_unchanged() {
    for body in [
        quote!({ city. }),
        quote!({ let x = city.len( ) }),
        quote!({ city.; more(); }),
        quote!({ if let Some(x) = }),
        quote!({ match city { Paris => } }),
        quote!({ let }),
        quote!({ ::std:: }),
    ] {
        let output = super::tool(
            quote!(),
            &quote! {
                /// Looks.
                pub async fn look(city: &str) -> u8 #body
            },
        )
        .to_string();
        let expected = quote!(pub async fn look(city: &str) -> u8 #body).to_string();
        assert!(output.contains(&expected), "{output}");
        assert!(output.contains("impl __agno :: Tool for look"), "{output}");
        assert!(!output.contains("compile_error"), "{output}");
    }
}

#[test]
fn an_incomplete_attribute_still_emits_the_function_and_a_stub_tool() {
    for attribute in [
        quote!(timeo),
        quote!(timeout =),
        quote!(timeout = , read_only),
        quote!(name = "a" description),
        quote!(,),
        quote!(=),
        quote!(name =, =),
        quote!("text"),
        quote!(crate = ),
        quote!(crate = llm::),
    ] {
        let output = super::tool(
            attribute.clone(),
            &quote! {
                /// Looks.
                fn look(#[arg(rang)] far: u8) -> u8 { far. }
            },
        )
        .to_string();
        assert!(output.contains("fn look"), "{attribute}: {output}");
        assert!(output.contains("struct look { }"), "{attribute}: {output}");
        assert!(output.contains("__stub_tool ! (look)"), "{attribute}: {output}");
    }
}

#[test]
fn an_incomplete_signature_still_emits_the_function_and_a_tool() {
    for function in [
        quote!(fn look(city) -> u8 { 4 }),
        quote!(fn look(city: ) { 4 }),
        quote!(async fn look(city: &str) -> { 4 }),
        quote!(pub fn look(#[arg(range = )] far: u8, )),
        quote!(pub fn look),
        quote!(pub fn look()),
        quote!(pub async fn look(city: &str, days: ) -> Result<, Error> { 4 }),
        quote!(pub fn look(city: &str) -> u8),
        quote!(pub fn look(#[arg(=)] far: u8) -> {}),
    ] {
        let output = super::tool(quote!(), &function).to_string();
        assert!(output.contains(&function.to_string()), "{output}");
        assert!(output.contains("struct look { }"), "{output}");
        assert!(output.contains("compile_error"), "{output}");
    }
}

#[test]
fn method_errors_are_emitted_inside_the_body() {
    for body in [quote!({ 4 }), quote!(;)] {
        let output = super::tool(
            quote!(),
            &quote! {
                /// Looks.
                fn look(&self) -> u8 #body
            },
        )
        .to_string();
        let start = "fn look (& self) -> u8 { :: core :: compile_error !";
        assert!(output.contains(start), "{output}");
        assert!(output.contains("must be in a toolkit"), "{output}");
        assert!(!output.contains("struct look"), "{output}");
    }
}

#[test]
fn each_cfg_combination_has_its_own_arguments() {
    let output = super::tool(
        quote!(),
        &quote! {
            /// Looks.
            fn look(near: u8, #[cfg(unix)] #[arg(default = 3)] far: u8) -> u8 { near }
        },
    )
    .to_string();
    let without = r#"index (__name : & __agno :: str) -> __agno :: Option < __agno :: usize > { match __name { "near" => __agno :: Some (0usize) , _"#;
    assert_eq!(output.matches(without).count(), 1, "{output}");
    assert_eq!(
        output.matches(r#""far" => __agno :: Some (1usize)"#).count(),
        1,
        "{output}"
    );
    assert!(output.contains("# [cfg (all (not (unix)))]"), "{output}");
    assert!(output.contains("# [cfg (all (unix))]"), "{output}");
}
