//! Private support for the expansions of agno's macros, including re-exports that save users from adding
//! dependencies. This module is not public API.

mod agent_entry;
mod arguments;
mod context_entry;
mod declare;
mod entry;
pub mod fuzz;
mod has_model;
mod input;
mod interpolate;
pub mod models;
mod name_table;
mod output;
mod schema_checks;
#[cfg(feature = "schemars")]
mod schemars_attribute;
#[cfg(feature = "schemars")]
mod schemars_output;
#[cfg(not(feature = "schemars"))]
mod schemars_output_off;
mod stubs;
mod tool_cache;
mod tool_call;
mod tool_checks;

pub use agent_entry::{AgentEntry, Agents, Checked, check_agent_name, check_description, is_agent, member};
pub use arguments::{Arguments, DecodedArgs, NoArguments, Str, read, read_or_default};
pub use context_entry::{ProviderEntry, Providers, check_max_bytes, provider};
pub use entry::{AnnotatedWithTool, Nothing, PathTools, PlainFunction, ToolEntry, ToolPath, Tools, borrowed};
pub use has_model::{HasModel, IsAgent, UnusedResult, WithoutModel};
pub use input::{check_input, input_message};
pub use interpolate::{Instructions, Interpolate, InterpolateDebug, Interpolated, instructions};
pub use name_table::Indexed;
pub use output::{Shape, parse_output, shape_of};
pub use schema_checks::{check_example, check_flatten, replaced};
#[cfg(feature = "schemars")]
pub use schemars_attribute::{JsonSchemaOf, NoJsonSchema, check_schemars};
#[cfg(feature = "schemars")]
pub use schemars_output::{SchemarsOutput, schemars_output};
#[cfg(not(feature = "schemars"))]
pub use schemars_output_off::{SchemarsOutput, schemars_output};
pub use tool_call::{Plain, Returned, blocking, incomplete, not_called};
pub use tool_checks::{at_most, check_count, check_entry, clashes, static_of, unique};

pub use crate::agent::{AgentInfo, Declared, Delegates, MemberInfo};
pub use crate::context::{ContextInfo, Contexts, OnError};
pub use crate::message::{Message, ToolResult};
pub use crate::model::{
    Model, ModelError, NeedsAudio, NeedsDocuments, NeedsImages, NeedsNothing, NeedsOf, NeedsOutput,
    NeedsTools, NeedsToolsAndOutput, OutputSchema, ServedBy, Serves,
};
pub use crate::provider::AnyModel;
/// The parser of server-sent events, exposed for benchmarks, fuzzing and recordings.
#[cfg(feature = "__api")]
pub use crate::provider::framing::sse;
pub use crate::run::{Limits, WaitsFor};
pub use crate::schema::render::{Document, Renderable, check as check_rendering, check_schema, schema_text};
pub use crate::schema::{
    Definition, Dialect, EnumValue, Field, HasSchema, Limit, Node, Rule, Schema, SchemaRef, Tagging, Variant,
    with_rules,
};
pub use crate::tool::toolset::no_such_tool;
pub use crate::tool::{
    Borrows, ByRef, Hints, NoTools, RunContext, SendAndSync, SendAndSyncAs, SendAndSyncField, StaticTools,
    Tool, ToolArgument, ToolFailure, ToolParameter, ToolReturn, ToolSpec, Toolset, decode,
    tool_future_must_be_send,
};
pub use crate::{
    __needs_schemars, __stub_agent, __stub_tool, __stub_toolkit, __tool_cache, declare_output, declare_tool,
};

// Prelude names, which the module that contains an expansion may shadow.
pub use core::clone::Clone;
pub use core::convert::From;
pub use core::future::Future;
pub use core::marker::{Send, Sync};
pub use core::mem::drop;
pub use core::ops::FnMut;
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{bool, str, u32, usize};
pub use core::result::Result::{self, Err, Ok};
pub use core::time::Duration;
pub use core::{compile_error, include_str};
pub use serde::de::MapAccess;
pub use std::borrow::Cow;
pub use std::format;
pub use std::marker::PhantomData;
pub use std::string::String;
pub use std::vec::Vec;

/// Returns the schema of a type.
pub const fn schema_of<T: Schema + ?Sized>() -> SchemaRef {
    T::SCHEMA
}

/// Checks that the `max_turns` of an agent is at least one, and returns it.
///
/// # Panics
///
/// Panics if `max_turns` is zero. In a constant, this is a compile error.
#[track_caller]
pub const fn check_max_turns(max_turns: u32) -> u32 {
    assert!(
        max_turns > 0,
        "`max_turns` must be at least 1; write `max_turns = 1` or more"
    );
    max_turns
}

/// Checks that the `max_total_turns` of an agent is at least one, and returns it.
///
/// # Panics
///
/// Panics if `max_total_turns` is zero. In a constant, this is a compile error.
#[track_caller]
pub const fn check_max_total_turns(max_total_turns: u32) -> u32 {
    assert!(
        max_total_turns > 0,
        "`max_total_turns` must be at least 1; write `max_total_turns = 1` or more"
    );
    max_total_turns
}

/// Expands to the item, which reports an error, if the `schemars` feature is disabled. Otherwise, expands to nothing.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_schemars {
    ($off:item) => {};
}

#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __needs_schemars {
    ($off:item) => {
        $off
    };
}
