//! Macros of the agno crate: a private implementation detail, documented where agno re-exports them.

#[allow(dead_code, unused_imports, reason = "shared by the macros that follow")]
mod attr;
mod schema;

use proc_macro::TokenStream;

/// See `agno::Schema`.
#[proc_macro_derive(Schema, attributes(schema, serde))]
pub fn derive_schema(input: TokenStream) -> TokenStream {
    schema::derive(input.into()).into()
}
