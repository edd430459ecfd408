//! `#[agent]`: a struct that declares an agent; its fields are the agent's dependencies.
//!
//! [`parse`] reads the attribute and the struct, [`model`] resolves names, descriptions and instructions, [`validate`]
//! checks keys against each other, and [`expand`] generates the implementation and cannot fail. [`model_name`],
//! [`instructions`], [`tool_list`], [`agent_list`], [`context_list`], [`reads`] and [`template`] parse the values of individual keys, and
//! [`output_name`] derives the name of an output from its type, and [`synonyms`] answers keys of other frameworks. [`entry_list`] and [`entry_type`] read lists of fields
//! and paths, and [`shared_field`] finds the types that cannot be shared between threads.
//! [`trait_object`] reports `dyn Model` and other trait objects that do not exist.

mod agent_list;
mod context_list;
mod entry_list;
mod entry_type;
mod expand;
mod instructions;
mod model;
mod model_name;
mod output_name;
mod parse;
mod providers;
mod reads;
mod shared_field;
mod synonyms;
mod template;
#[cfg(test)]
mod tests;
mod tool_list;
mod trait_object;
mod validate;

use proc_macro2::TokenStream;

use self::model::Agent;
use crate::common::Errors;

/// Expands the attribute. The expansion contains the struct even if there are errors.
pub(crate) fn agent(attribute: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut item = match parse::item(tokens) {
        Ok(item) => item,
        Err(error) => return expand::unparsed(tokens, &error),
    };
    let cx = Errors::new();
    let attr = parse::attribute(attribute, &mut item, &cx);
    let agent = Agent::new(&item, &attr, &cx);
    validate::agent(&agent, &cx);
    match cx.finish() {
        Ok(()) => expand::agent(&agent),
        Err(errors) => expand::with_errors(&agent, &errors),
    }
}
