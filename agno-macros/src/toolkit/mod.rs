//! Implements `#[toolkit]`, which turns the methods of an `impl` block into tools that a model can call.
//!
//! [`parse`] reads the attribute and the block, [`model`] resolves its tools, [`validate`] checks the block as a whole,
//! and [`expand`] generates the implementation and cannot fail. The code shared with function tools is
//! in [`crate::common::tool_fn`].

mod expand;
mod model;
mod parse;
mod shared;
#[cfg(test)]
mod tests;
mod validate;

use proc_macro2::TokenStream;

use self::model::Toolkit;
use crate::common::Errors;
use crate::common::cfg::Conditions;

/// Expands the attribute. The expansion contains the block even if there are errors.
pub(crate) fn toolkit(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let block = match parse::block(item) {
        Ok(block) => block,
        Err(error) => return expand::unparsed(item, &error),
    };
    let cx = Errors::new();
    let krate = parse::attribute(attribute, &cx);
    let toolkit = Toolkit::new(&block, krate, &cx);
    validate::toolkit(&toolkit, &cx);
    let mut conditions = Conditions::default();
    for tool in toolkit.tools() {
        tool.add_conditions(&mut conditions, &cx);
    }
    match cx.finish() {
        Ok(()) => expand::toolkit(&toolkit, &conditions),
        Err(errors) => expand::with_errors(&toolkit, &errors),
    }
}
