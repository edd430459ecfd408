//! Tests of the expansion of `#[agent]` for items with errors and for items that are still being typed.

use quote::quote;

#[test]
fn an_incomplete_attribute_still_emits_the_struct_and_a_stub_agent() {
    let item = quote! {
        /// Forecasts.
        #[derive(Debug)]
        pub struct Forecaster<'a> { pub(crate) language: &'a str }
    };
    for attribute in [
        quote!(instr),
        quote!(instructions =),
        quote!(instructions = , tools = [weather]),
        quote!(instructions = self., max_turns = 3),
        quote!(instructions = "In {lang"),
        quote!(tools = [wea, self.]),
        quote!(tools = [crate::]),
        quote!(tools = weather),
        quote!(output = Vec<, max_turns = 8),
        quote!(output = crate::),
        quote!(agents = [self., Leg]),
        quote!(agents = [Legal(depth = )]),
        quote!(agents = [crate::]),
        quote!(context = [self.language(max_bytes)]),
        quote!(input = Vec<),
        quote!(model = "openai:"),
        quote!(max_turns = ),
        quote!(,),
        quote!(= =),
    ] {
        let output = super::agent(attribute.clone(), &item).to_string();
        assert!(output.contains(&item.to_string()), "{attribute}: {output}");
        assert!(output.contains("compile_error"), "{attribute}: {output}");
        assert!(
            output.contains("__stub_agent ! ([< 'a >] Forecaster < 'a > [] ())"),
            "{attribute}: {output}"
        );
    }
}

#[test]
fn an_incomplete_struct_is_emitted_unchanged_with_a_stub_agent() {
    for item in [
        quote!(pub struct Forecaster { language: }),
        quote!(struct Forecaster { language }),
        quote!(struct Forecaster { pub }),
        quote!(struct Forecaster),
    ] {
        let output = super::agent(quote!(), &item).to_string();
        assert!(output.contains(&item.to_string()), "{output}");
        assert!(
            output.contains("__stub_agent ! ([] Forecaster [] ())"),
            "{output}"
        );
    }
}

#[test]
fn errors_of_all_kinds_are_reported_together() {
    let output = super::agent(
        quote!(
            instuctions = "x",
            model = "skynet:t800",
            tools = [],
            max_turns = 0,
            max_output_retries = "2"
        ),
        &quote!(
            struct Agent;
        ),
    )
    .to_string();
    assert_eq!(output.matches("compile_error").count(), 6, "{output}");
}
