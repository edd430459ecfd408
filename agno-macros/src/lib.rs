//! Macros of the agno crate. They are a private implementation detail and are documented where agno re-exports them.
//!
//! Each macro is a directory with the same phases: `parse` reads tokens, `model` resolves names and defaults,
//! `validate` checks rules that involve several parts, and `expand` generates code and cannot fail. Shared code is in
//! `common`; no macro imports another.

mod agent;
mod common;
mod schema;
mod tool;
mod toolkit;

use proc_macro::TokenStream;

/// See `agno::Schema`.
#[cfg_attr(
    feature = "schemars",
    proc_macro_derive(Schema, attributes(schema, serde, schemars))
)]
#[cfg_attr(
    not(feature = "schemars"),
    proc_macro_derive(Schema, attributes(schema, serde))
)]
pub fn derive_schema(input: TokenStream) -> TokenStream {
    schema::derive(&input.into()).into()
}

#[expect(missing_docs, reason = "documented where agno re-exports it")]
#[proc_macro_attribute]
pub fn tool(attribute: TokenStream, item: TokenStream) -> TokenStream {
    tool::tool(attribute.into(), &item.into()).into()
}

#[expect(missing_docs, reason = "documented where agno re-exports it")]
#[proc_macro_attribute]
pub fn toolkit(attribute: TokenStream, item: TokenStream) -> TokenStream {
    toolkit::toolkit(attribute.into(), &item.into()).into()
}

#[expect(missing_docs, reason = "documented where agno re-exports it")]
#[proc_macro_attribute]
pub fn agent(attribute: TokenStream, item: TokenStream) -> TokenStream {
    agent::agent(attribute.into(), &item.into()).into()
}
