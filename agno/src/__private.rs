//! Not public API: what expansions of agno's macros need, so that a user adds no dependency because of them.

pub use crate::agent::output::{Shape, parse_output};
pub use crate::agent::{AgentInfo, Declared};
pub use crate::message::ToolResult;
pub use crate::model::{
    AnyModel, ModelError, NeedsNothing, NeedsOutput, NeedsTools, NeedsToolsAndOutput, OutputSchema,
};
pub use crate::run::Limits;
pub use crate::schema::render::{Document, Plan, Rendering, text};
pub use crate::schema::{Dialect, Field, Limit, Node, Schema, SchemaRef};
pub use crate::tool::arguments::{Arguments, NoArguments, Read, Str, read, read_or_default};
pub use crate::tool::call::{Plain, Returned, blocking, incomplete, no_such_place, respond, sent};
pub use crate::tool::statics::{check_entry, check_list, static_of};
pub use crate::tool::{
    ByRef, Hints, NoTools, RunContext, StaticTools, Tool, ToolSpec, Toolset, decode,
};
pub use crate::{__model_local, __model_openai, __stub_agent, __stub_tool, __stub_toolkit, declare_output, declare_tool};

// Names of the prelude, which the module of an expansion may have hidden or given to something else.
pub use core::clone::Clone;
pub use core::convert::From;
pub use core::future::Future;
pub use core::marker::Send;
pub use core::ops::FnMut;
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{str, usize};
pub use core::result::Result::{self, Err, Ok};
pub use core::time::Duration;
pub use serde::de::MapAccess;
pub use std::borrow::Cow;
pub use core::include_str;
pub use std::format;
pub use std::string::String;
pub use std::vec::Vec;

use crate::schema::render::is_flattenable;

/// The schema of a type.
pub const fn schema_of<T: Schema + ?Sized>() -> SchemaRef {
    T::SCHEMA
}

/// The default of a type.
pub fn default<T: Default>() -> T {
    T::default()
}

/// Stops the compiler where a field is flattened that cannot be.
#[track_caller]
pub const fn check_flatten(schema: SchemaRef) {
    assert!(
        is_flattenable(schema),
        "only an object, a map or an enum of objects can be flattened; remove `#[serde(flatten)]`"
    );
}
