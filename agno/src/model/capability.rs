//! What a model can do, as marker traits where its type is known and as data where it is not.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Model;

/// What a model can do, where that is known only at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// It can call tools.
    pub tools: bool,
    /// It can answer in the shape of a schema.
    pub structured_output: bool,
}

impl Capabilities {
    /// Everything.
    pub const ALL: Self = Self {
        tools: true,
        structured_output: true,
    };
    /// Text only.
    pub const TEXT: Self = Self {
        tools: false,
        structured_output: false,
    };
}

/// A model that can call tools.
pub trait ToolCalling: Model {}

/// A model that can answer in the shape of a schema.
pub trait StructuredOutput: Model {}

/// What an agent without tools and without `output = ...` needs: any model.
#[derive(Debug, Clone, Copy)]
pub struct NeedsNothing;

/// What an agent with tools needs: a model that calls them.
#[derive(Debug, Clone, Copy)]
pub struct NeedsTools;

/// What an agent with `output = ...` needs: a model that answers in the shape of a schema.
#[derive(Debug, Clone, Copy)]
pub struct NeedsOutput;

/// What an agent with tools and `output = ...` needs.
#[derive(Debug, Clone, Copy)]
pub struct NeedsToolsAndOutput;

/// A model that has what an agent needs. Implemented for every model by its capabilities.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot serve this agent as its model: `{Needs}`",
    label = "no model, or one that lacks what the agent needs",
    note = "a model is a provider such as `OpenAi::new(\"gpt-5-mini\")?`, or `AnyModel::named(\"openai:gpt-5-mini\")?`",
    note = "an agent with `tools` needs a model that is `ToolCalling`, one with `output` a model that is `StructuredOutput`",
    note = "use a model that can, or take `tools` or `output` out of `#[agent(...)]`"
)]
pub trait Serves<Needs>: Model {}

// Recommended, so that what is no model at all is told to be none.
impl<M: Model> Serves<NeedsNothing> for M {}
#[diagnostic::do_not_recommend]
impl<M: ToolCalling> Serves<NeedsTools> for M {}
#[diagnostic::do_not_recommend]
impl<M: StructuredOutput> Serves<NeedsOutput> for M {}
#[diagnostic::do_not_recommend]
impl<M: ToolCalling + StructuredOutput> Serves<NeedsToolsAndOutput> for M {}

impl<M: ToolCalling + ?Sized> ToolCalling for &M {}
impl<M: ToolCalling + ?Sized> ToolCalling for Arc<M> {}
impl<M: ToolCalling + ?Sized> ToolCalling for Box<M> {}
impl<M: StructuredOutput + ?Sized> StructuredOutput for &M {}
impl<M: StructuredOutput + ?Sized> StructuredOutput for Arc<M> {}
impl<M: StructuredOutput + ?Sized> StructuredOutput for Box<M> {}
