//! `#[schema(..)]` on types, variants and fields, and `#[arg(..)]` on the parameters of a tool. Keys with the same name
//! have the same meaning, so this module parses, checks and expands them for both attributes.
//!
//! [`parse`] reads the keys, [`validate`] checks literals against the constraints next to them, and [`expand`]
//! generates method calls on a schema's node. [`literal`] converts Rust literals to JSON, and [`json`] contains the
//! JSON support.

mod expand;
mod json;
mod literal;
mod parse;
mod validate;

pub(crate) use expand::example_check;
pub(crate) use literal::Literal;
pub(crate) use parse::{SchemaAttr, Target, With, description_text};
