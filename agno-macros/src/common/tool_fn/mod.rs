//! Code that `#[tool]` and `#[toolkit]` share. A tool is a function with `#[tool]`, and a method with `#[toolkit]`.
//!
//! [`parse`] reads `#[tool(..)]` and `#[arg(..)]`, [`model`] resolves names, descriptions and parameters, [`validate`]
//! checks them against each other, and [`expand`] generates the parts of an implementation. [`param_type`] classifies
//! the types of parameters.

mod expand;
mod model;
mod param_type;
mod parse;
mod validate;

pub(crate) use expand::{ArgsStruct, call, milliseconds, not_called, spec};
pub(crate) use model::{ConfiguredTool, Tool};
pub(crate) use parse::ToolAttr;
pub(crate) use validate::tool as validate;
