//! Macros of the agno crate: a private implementation detail, documented where agno re-exports them.

mod agent;
#[allow(dead_code, unused_imports, reason = "shared by the macros that follow")]
mod attr;
mod function;
mod schema;
mod tool;
mod toolkit;
mod variants;

use proc_macro::TokenStream;

/// See `agno::Schema`.
#[proc_macro_derive(Schema, attributes(schema, serde))]
pub fn derive_schema(input: TokenStream) -> TokenStream {
    schema::derive(input.into()).into()
}

#[expect(missing_docs, reason = "documented where agno re-exports it")]
#[proc_macro_attribute]
pub fn tool(attribute: TokenStream, item: TokenStream) -> TokenStream {
    tool::tool(&attribute.into(), &item.into()).into()
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
