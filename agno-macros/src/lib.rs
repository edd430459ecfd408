//! Macros of the agno crate: a private implementation detail, documented where agno re-exports them.
//!
//! Each macro is a directory with the same phases: `parse` (tokens to attributes, knows spans), `model` (names and
//! defaults resolved), `validate` (rules between parts) and `expand` (cannot fail). Code that two macros share lives in
//! `common`; no macro imports another.

mod agent;
mod common;
mod schema;
mod tool;
mod toolkit;

use proc_macro::TokenStream;

/// See `agno::Schema`.
#[proc_macro_derive(Schema, attributes(schema, serde))]
pub fn derive_schema(input: TokenStream) -> TokenStream {
    schema::derive(input.into()).into()
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
