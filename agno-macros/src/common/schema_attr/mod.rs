//! `#[schema(..)]` on types, variants and fields, and `#[arg(..)]` on the parameters of a tool: one set of keys with one
//! meaning, read, checked and written in one place.
//!
//! [`parse`] reads the keys, [`validate`] checks literals against the constraints next to them, [`expand`] writes the calls
//! on a schema's node. [`literal`] turns Rust literals into JSON, and [`json`] contains the JSON support.

mod expand;
mod json;
mod literal;
mod parse;
mod validate;

pub(crate) use expand::example_check;
pub(crate) use literal::Literal;
pub(crate) use parse::{PARAMETER_KEYS, SchemaAttr, Target, With, description_text};
