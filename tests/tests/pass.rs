//! Code that must compile, and its behavior.
//!
//! Each file `ui/MACRO/pass/FILE.rs` is a module of this program, named `MACRO_FILE`, because linking a separate program
//! per file would be slow. Tests that need a separate crate are in `fixtures`.
#![allow(clippy::unwrap_used, reason = "tests may panic")]
#![allow(
    clippy::boxed_local,
    clippy::needless_arbitrary_self_type,
    reason = "the modules test that code compiles, not its style"
)]

use agno::prelude::*;
use agno::schema::Rendered;
use agno::tool::Toolset;

#[path = "../ui/agent/pass/agents.rs"]
mod agent_agents;
#[path = "../ui/agent/pass/attribute_keys.rs"]
mod agent_attribute_keys;
#[path = "../ui/agent/pass/forms.rs"]
mod agent_forms;
#[path = "../ui/agent/pass/generics.rs"]
mod agent_generics;
#[path = "../ui/agent/pass/instructions.rs"]
mod agent_instructions;
#[path = "../ui/agent/pass/many_tools.rs"]
mod agent_many_tools;
#[path = "../ui/agent/pass/models.rs"]
mod agent_models;
#[path = "../ui/agent/pass/outputs.rs"]
mod agent_outputs;
#[path = "../ui/agent/pass/own_methods.rs"]
mod agent_own_methods;
#[path = "../ui/agent/pass/places.rs"]
mod agent_places;
#[path = "../ui/agent/pass/reads.rs"]
mod agent_reads;
#[path = "../ui/schema/pass/conditions.rs"]
mod schema_conditions;
#[path = "../ui/schema/pass/generics.rs"]
mod schema_generics;
#[path = "../ui/schema/pass/hygiene.rs"]
mod schema_hygiene;
#[path = "../ui/schema/pass/lints.rs"]
mod schema_lints;
#[path = "../ui/schema/pass/macro_rules.rs"]
mod schema_macro_rules;
#[path = "../ui/schema/pass/raw_identifiers.rs"]
mod schema_raw_identifiers;
#[path = "../ui/schema/pass/serde_attributes.rs"]
mod schema_serde_attributes;
#[path = "../ui/tool/pass/argument_keys.rs"]
mod tool_argument_keys;
#[path = "../ui/tool/pass/attribute_keys.rs"]
mod tool_attribute_keys;
#[path = "../ui/tool/pass/conditions.rs"]
mod tool_conditions;
#[path = "../ui/tool/pass/descriptions.rs"]
mod tool_descriptions;
#[path = "../ui/tool/pass/functions.rs"]
mod tool_functions;
#[path = "../ui/tool/pass/hygiene.rs"]
mod tool_hygiene;
#[path = "../ui/tool/pass/lints.rs"]
mod tool_lints;
#[path = "../ui/tool/pass/macro_by_example.rs"]
mod tool_macro_by_example;
#[path = "../ui/tool/pass/names.rs"]
mod tool_names;
#[path = "../ui/tool/pass/one_import.rs"]
mod tool_one_import;
#[path = "../ui/tool/pass/parameters.rs"]
mod tool_parameters;
#[path = "../ui/tool/pass/raw_identifiers.rs"]
mod tool_raw_identifiers;
#[path = "../ui/tool/pass/renamed_crate.rs"]
mod tool_renamed_crate;
#[path = "../ui/tool/pass/results.rs"]
mod tool_results;
#[path = "../ui/tool/pass/shadowed_macros.rs"]
mod tool_shadowed_macros;
#[path = "../ui/tool/pass/visibility.rs"]
mod tool_visibility;
#[path = "../ui/toolkit/pass/generics.rs"]
mod toolkit_generics;
#[path = "../ui/toolkit/pass/macro_made.rs"]
mod toolkit_macro_made;
#[path = "../ui/toolkit/pass/names.rs"]
mod toolkit_names;
#[path = "../ui/toolkit/pass/receivers.rs"]
mod toolkit_receivers;
#[path = "../ui/toolkit/pass/types.rs"]
mod toolkit_types;

/// Calls a tool by name and returns the text that the model reads, in `Err` if the result is an error.
async fn called(tools: &impl Toolset, name: &str, arguments: &str) -> Result<String, String> {
    let run = RunContext::detached();
    let index = tools.find(name).unwrap();
    let result = tools.call(index, arguments, &run).await;
    let text = result.text().into_owned();
    if result.is_error { Err(text) } else { Ok(text) }
}

/// Returns a tool's declaration as JSON.
fn declared<T: Rendered>(_tool: &T) -> serde_json::Value {
    serde_json::from_str(T::JSON_SCHEMA).unwrap()
}

#[test]
fn every_pass_file_is_a_module() {
    let source = include_str!("pass.rs");
    for dir in std::fs::read_dir("ui").unwrap() {
        let dir = dir.unwrap().path().join("pass");
        for file in std::fs::read_dir(dir).into_iter().flatten() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|end| end == "rs") {
                let path = format!("\"../{}\"", file.display());
                assert!(source.contains(&path), "{path} is not a module of tests/pass.rs");
            }
        }
    }
}
