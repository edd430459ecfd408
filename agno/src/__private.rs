//! Not public API: what expansions of agno's macros need, so that a user adds no dependency because of them.

#[cfg(feature = "schemars")]
pub use crate::agent::ForeignOutput;
pub use crate::agent::output::{Shape, parse_output, shape_of};
pub use crate::agent::{AgentInfo, Declared};
pub use crate::message::ToolResult;
pub use crate::model::{
    AnyModel, ModelError, NeedsAudio, NeedsDocuments, NeedsImages, NeedsNothing, NeedsOutput, NeedsTools,
    NeedsToolsAndOutput, OutputSchema,
};
pub use crate::run::Limits;
pub use crate::schema::dialect::RenderedBytes;
pub use crate::schema::render::{Document, Plan, Rendering, text};
pub use crate::schema::{Dialect, Field, Limit, Node, Schema, SchemaRef, check_example};
pub use crate::tool::arguments::{Arguments, NoArguments, Read, Str, read, read_or_default};
pub use crate::tool::call::{
    Plain, Returned, blocking, incomplete, no_such_place, not_called, respond, sent,
};
pub use crate::tool::statics::{at_most, check_count, check_entry, clashes, static_of, unique};
pub use crate::tool::{
    ByRef, Hints, Indexed, NameTable, NoTools, RunContext, StaticTools, Tool, ToolSpec, Toolset, WaitsFor,
    decode,
};
pub use crate::{
    __model_anthropic, __model_bedrock, __model_cohere, __model_gemini, __model_local, __model_ollama,
    __model_openai, __model_responses, __needs_schemars, __stub_agent, __stub_tool, __stub_toolkit,
    __tool_cache, declare_output, declare_tool,
};

// Names of the prelude, which the module of an expansion may have hidden or given to something else.
pub use core::clone::Clone;
pub use core::convert::From;
pub use core::future::Future;
pub use core::marker::Send;
pub use core::mem::drop;
pub use core::ops::FnMut;
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{str, usize};
pub use core::result::Result::{self, Err, Ok};
pub use core::time::Duration;
pub use core::{compile_error, include_str};
pub use serde::de::MapAccess;
pub use std::borrow::Cow;
pub use std::format;
pub use std::string::String;
pub use std::vec::Vec;

use std::fmt::{self, Display};

/// The schema of a type.
pub const fn schema_of<T: Schema + ?Sized>() -> SchemaRef {
    T::SCHEMA
}

/// `max_turns` of an agent, which is at least one.
///
/// # Panics
///
/// When it is zero, in a constant: an error of the compiler.
#[track_caller]
pub const fn turns(turns: u32) -> u32 {
    assert!(
        turns > 0,
        "without a turn the model is never asked; write `max_turns = 1` or more"
    );
    turns
}

/// The output of a type that knows its schema only at run time.
#[cfg(feature = "schemars")]
pub const fn foreign_output<T>(name: &'static str) -> ForeignOutput<T>
where
    T: schemars::JsonSchema + serde::de::DeserializeOwned,
{
    ForeignOutput::new(name)
}

/// The same without the feature, which `__needs_schemars!` tells of: it says nothing more.
#[cfg(not(feature = "schemars"))]
#[allow(
    missing_debug_implementations,
    reason = "stands in a program that does not compile"
)]
pub struct ForeignOutput<T>(std::marker::PhantomData<fn() -> T>);

/// The same without the feature.
#[cfg(not(feature = "schemars"))]
pub const fn foreign_output<T>(_name: &'static str) -> ForeignOutput<T> {
    ForeignOutput(std::marker::PhantomData)
}

#[cfg(not(feature = "schemars"))]
impl<T> ForeignOutput<T> {
    /// No shape.
    pub const fn schema(&self) -> OutputSchema<'_> {
        OutputSchema::new("", "", None)
    }

    /// Reads nothing.
    ///
    /// # Errors
    ///
    /// Always.
    pub const fn parse(&self, _text: &str) -> Result<T, String> {
        Err(String::new())
    }
}

/// The default of a type.
pub fn default<T: Default>() -> T {
    T::default()
}

/// A toolkit, which the calls of one turn share among threads. `Block` tells one `#[toolkit]` of a type from another.
pub trait Shared<'x, Block>: Send + Sync {}

/// What can stand in an agent's list: anything that is a [`Toolset`].
///
/// A bound of `Toolset` alone would be told of again wherever the lists are put together. The types here are known only
/// where the bound holds: two implementations could have them, by `Which`, so the compiler first looks whether one of them
/// does. Where none does it has told so, gives the value no type at all, and asks nothing more of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a tool nor a toolkit",
    label = "no tools here",
    note = "annotate one of its `impl` blocks with `#[toolkit]`, or use `DynTools` for tools known only at run time"
)]
pub trait Entry<Which>: Sized {
    /// The tools.
    type Owned;
    /// The tools, borrowed.
    type Borrowed<'t>
    where
        Self: 't;

    /// The tools.
    fn owned(self) -> Self::Owned;

    /// The tools, borrowed.
    fn borrowed(&self) -> Self::Borrowed<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: Toolset> Entry<Tools> for T {
    type Owned = T;
    type Borrowed<'t>
        = ByRef<'t, T>
    where
        T: 't;

    fn owned(self) -> T {
        self
    }

    fn borrowed(&self) -> ByRef<'_, T> {
        ByRef(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: IsNothing> Entry<Nothing> for T {
    type Owned = T;
    type Borrowed<'t>
        = &'t T
    where
        T: 't;

    fn owned(self) -> T {
        self
    }

    fn borrowed(&self) -> &T {
        self
    }
}

/// Names the implementation for tools.
#[derive(Debug)]
pub struct Tools;

/// Names the other.
#[derive(Debug)]
pub struct Nothing;

/// What no type is.
pub trait IsNothing {}

/// The tools of `self` or of a field.
pub fn borrowed<T: Entry<Which>, Which>(tools: &T) -> T::Borrowed<'_> {
    tools.borrowed()
}

/// The tools that a path names.
pub fn named<T: Entry<Which>, Which>(tools: T) -> T::Owned {
    tools.owned()
}

/// A field that stands in instructions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `Display`, so it cannot stand in the instructions",
    label = "a field of this type cannot be written",
    note = "implement `std::fmt::Display` for it, or write `{{field:?}}` for its `Debug` form"
)]
pub trait Shown: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> Shown for T {}

/// A field as the instructions show it.
#[derive(Debug)]
pub struct Show<'a, T: ?Sized>(pub &'a T);

impl<T: Shown + ?Sized> Display for Show<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A type that a text can be turned into.
#[diagnostic::on_unimplemented(
    message = "a text is no default of `{Self}`",
    label = "not a `{Self}`",
    note = "write a value of the parameter's type"
)]
pub trait FromText: Sized {
    /// The text as that type.
    fn from_text(text: &'static str) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: From<&'static str>> FromText for T {
    fn from_text(text: &'static str) -> Self {
        text.into()
    }
}

/// The value of a default that is written as a text.
pub fn from_text<T: FromText>(text: &'static str) -> T {
    T::from_text(text)
}
