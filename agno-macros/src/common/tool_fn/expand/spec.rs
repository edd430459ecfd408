//! Generates the `ToolSpec` of a tool.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote;

use crate::common::tool_fn::model::Tool;

/// Generates the expression for the tool's `ToolSpec`.
pub(crate) fn spec(tool: &Tool<'_>) -> TokenStream {
    let (name, description, attr) = (&tool.name, &tool.description, &tool.attr);
    let timeout = attr.timeout.get().map(|timeout| {
        let milliseconds = milliseconds(*timeout);
        quote!(.with_timeout(__agno::Duration::from_millis(#milliseconds)))
    });
    let hints: Vec<TokenStream> = [
        (&attr.read_only, quote!(.with_read_only())),
        (&attr.destructive, quote!(.with_destructive())),
        (&attr.idempotent, quote!(.with_idempotent())),
        (&attr.open_world, quote!(.with_open_world())),
    ]
    .into_iter()
    .filter_map(|(slot, hint)| slot.is_set().then_some(hint))
    .collect();
    let hints = (!hints.is_empty()).then(|| quote!(.with_hints(__agno::Hints::NONE #(#hints)*)));
    let retries = attr.retries.get().map(|retries| quote!(.with_retries(#retries)));
    let waits = if attr.approval.is_set() {
        Some(quote!(.with_approval()))
    } else if attr.external.is_set() {
        Some(quote!(.with_external_result()))
    } else {
        None
    };
    let return_direct = attr.return_direct.is_set().then(|| quote!(.with_return_direct()));
    quote!(__agno::ToolSpec::new(#name, #description) #timeout #retries #waits #return_direct #hints)
}

/// Converts a duration to milliseconds for a literal in an expansion.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::Errors;
    use crate::common::function::Function;
    use crate::common::tool_fn::ToolAttr;

    fn expand_spec(attribute: TokenStream) -> String {
        let function: Function = syn::parse_quote!(
            /// Looks.
            fn look() {}
        );
        let cx = Errors::new();
        let attr = ToolAttr::parse(attribute, &cx);
        let spec = spec(&Tool::new(&function, attr, &cx)).to_string();
        cx.finish().unwrap();
        spec
    }

    #[test]
    fn a_spec_contains_only_the_keys_that_are_set() {
        let plain = quote!(__agno::ToolSpec::new("look", "Looks."));
        assert_eq!(expand_spec(quote!()), plain.to_string());
        let full = quote!(
            __agno::ToolSpec::new("see", "Sees.")
                .with_timeout(__agno::Duration::from_millis(5000u64))
                .with_retries(2u32)
                .with_approval()
                .with_return_direct()
                .with_hints(__agno::Hints::NONE.with_idempotent())
        );
        let attribute = quote!(
            name = "see",
            description = "Sees.",
            timeout = "5s",
            retries = 2,
            approval,
            return_direct,
            idempotent
        );
        assert_eq!(expand_spec(attribute), full.to_string());
    }
}
