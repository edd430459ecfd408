//! Code that `#[tool]` (for functions) and `#[toolkit]` (for methods) share.
//!
//! [`parse`] reads `#[tool(..)]` and `#[arg(..)]`, [`model`] resolves names, descriptions and parameters, [`validate`]
//! checks them against each other, and [`expand`] generates the parts of an implementation. [`param_type`] classifies
//! the types of parameters.

mod expand;
mod model;
mod param_type;
mod parse;
mod synonyms;
mod validate;

pub(crate) use expand::{ArgsStruct, call, milliseconds, not_called, spec};
pub(crate) use model::{ConfiguredTool, Tool};
pub(crate) use parse::{ToolAttr, name_problem};
pub(crate) use validate::tool as validate;
