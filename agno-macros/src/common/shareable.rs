//! The bound of an implementation for a type that can be shared between threads; see `agno/src/tool/shareable.rs`.

use proc_macro2::{Ident, Span};
use syn::{WherePredicate, parse_quote_spanned};

/// Generates the bound that depends on the constant with the check.
pub(crate) fn assumption(constant: &Ident, span: Span) -> WherePredicate {
    parse_quote_spanned!(span=> __agno::Checked<#constant, ()>: __agno::Send + __agno::Sync)
}
