//! Implements `#[tool]`, which turns a function into a tool that a model can call.
//!
//! [`parse`] reads the attribute and the function, [`model`] resolves them, [`validate`] checks the rules for
//! all tools and rejects methods, and [`expand`] generates the implementation and cannot fail. The code shared with
//! toolkits is in [`crate::common::tool_fn`].

mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;
mod validate;

use proc_macro2::TokenStream;

use self::model::ToolFunction;
use crate::common::Errors;
use crate::common::cfg::Conditions;

/// Expands the attribute. The expansion contains the function even if there are errors.
pub(crate) fn tool(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let function = match parse::function(item) {
        Ok(function) => function,
        Err(error) => return expand::unparsed(item, &error),
    };
    let cx = Errors::new();
    let attr = parse::attribute(attribute, &function, &cx);
    let tool = ToolFunction::new(&function, attr, &cx);
    validate::tool(&tool, &cx);
    let mut conditions = Conditions::default();
    tool.tool.add_conditions(&mut conditions, &cx);
    match cx.finish() {
        Ok(()) => expand::tool(&tool, &conditions),
        Err(errors) => expand::with_errors(&tool, &errors),
    }
}
