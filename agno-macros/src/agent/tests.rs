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
        quote!(tools),
        quote!(tools =),
        quote!(tools = [weather, ]; max_turns = 3),
        quote!(tools = [weather, crate::, self.files.]),
        quote!(tools = [weather roll, &]),
        quote!(tools = [weather(), ..]),
        quote!(instructions = concat!("In {language}"),),
        quote!(instructions = if self.),
        quote!(instructions = |),
        quote!(instructions "In"),
        quote!("In {language}"),
        quote!("In",),
        quote!(instructions: "In"),
        quote!(model = OpenAi::),
        quote!(model = "gpt-"),
        quote!(agents = [Legal::new()]),
        quote!(agents = [&]),
        quote!(context = [self.]),
        quote!(reads = [ima]),
        quote!(system_prompt = ),
        quote!(deps),
        quote!(crate = ),
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
fn an_item_that_does_not_parse_is_emitted_unchanged() {
    for item in [
        quote!(
            pub struct
        ),
        quote!(pub),
        quote!(struct Forecaster<),
        quote!(struct Forecaster<'a> { language: &'a }),
        quote!(struct Forecaster { language: &'static str, #[doc] }),
        quote!(struct Forecaster { #[doc = ] language: u8 }),
        quote!(struct Forecaster(u8, )),
        quote!(struct Forecaster where),
        quote!(
            #[derive]
            struct Forecaster {
                language: u8,
            },
            impl
        ),
        quote!(
            enum Forecaster {
                A,
            }
        ),
    ] {
        let output = super::agent(quote!(), &item).to_string();
        assert!(output.contains(&item.to_string()), "{output}");
        assert!(output.contains("compile_error"), "{output}");
    }
}

#[test]
fn attributes_of_fields_are_errors_and_are_removed() {
    let item = quote!(
        struct Desk {
            #[tool]
            files: Files,
            #[doc = "Kept."]
            name: u8,
        }
    );
    let output = super::agent(quote!(), &item).to_string();
    assert!(output.contains("does not apply to a field"), "{output}");
    assert!(!output.contains("# [tool]"), "{output}");
    assert!(output.contains("Kept."), "{output}");
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
