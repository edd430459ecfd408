//! Tools that a model can call.
//!
//! Most programs use the macros [`#[tool]`](macro@crate::tool) and [`#[toolkit]`](macro@crate::toolkit). This module
//! contains the traits that the macros implement, for handwritten tools, and the types for tools known only at run
//! time:
//!
//! - [`Tool`] is a tool known at compile time: a constant [`ToolSpec`], a type for the arguments, and an `async fn`.
//!   [`ToolReturn`], [`ToolOutput`] and [`to_result`] convert its result. [`ToolArgument`] and [`ToolFailure`] are
//!   the types of its arguments and errors.
//! - [`Toolset`] is a list of tools: a toolkit, or all tools of an agent. Declarations are constants, and a `match`
//!   dispatches calls.
//! - [`DynTool`] is a tool known only at run time, such as a tool of a server. `Vec<DynTool>` and [`DynTools`] are lists
//!   of such tools, and an [`Option`] of any tool or toolkit is a list that may be empty.
//! - [`RunContext`] gives a tool access to the current run and call.
//!
//! The [Tools](crate::guide::tools) chapter introduces tools.

#[cfg(feature = "cache")]
mod cache;
mod context;
mod decode;
mod delegate;
mod dyn_tool;
mod dyn_tools;
#[cfg(feature = "schemars")]
mod from_schemars;
mod optional;
mod output;
mod shareable;
mod signature;
mod spec;
mod static_tools;
pub(crate) mod toolset;

#[cfg(feature = "cache")]
pub use cache::ToolCache;
pub(crate) use context::Cancellation;
pub use context::RunContext;
pub use decode::decode;
pub(crate) use decode::{decode_as, text_of};
pub use dyn_tool::DynTool;
pub use dyn_tools::DynTools;
pub use output::{ToolError, ToolOutput, ToolReturn, to_result};
#[doc(hidden)]
pub use shareable::{SendAndSync, SendAndSyncAs, SendAndSyncField};
#[doc(hidden)]
pub use signature::{Borrows, ToolParameter, tool_future_must_be_send};
pub use signature::{ToolArgument, ToolFailure};
pub use spec::{Hints, ToolSpec};
pub use static_tools::StaticTools;
pub use toolset::{ByRef, NoTools, Toolset};

use std::future::Future;

use serde::Deserialize;

use crate::message::ToolResult;
use crate::schema::{Rendered, Schema};

/// A tool known at compile time.
///
/// `#[tool]` implements this trait for a function. A handwritten implementation consists of constants, a struct of
/// arguments and an `async fn`:
///
/// ```
/// use agno::prelude::*;
/// use agno::tool::{Tool, ToolSpec};
/// use agno::ToolResult;
///
/// #[derive(Schema, Deserialize)]
/// struct SearchArgs {
///     /// Words to look for.
///     words: String,
/// }
///
/// struct Search { index: Vec<String> }
///
/// impl Tool for Search {
///     const SPEC: ToolSpec<'static> = ToolSpec::new("search", "Finds lines that contain all words.");
///     type Args<'a> = SearchArgs;
///
///     async fn call(&self, args: SearchArgs, _run: &RunContext) -> ToolResult {
///         let hits = self.index.iter().filter(|line| args.words.split(' ').all(|word| line.contains(word)));
///         agno::tool::to_result(hits.collect::<Vec<_>>())
///     }
/// }
/// agno::declare_tool!(Search);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tool",
    label = "not a tool",
    note = "annotate the function with `#[tool]`, or implement `agno::tool::Tool` and call `agno::declare_tool!`"
)]
pub trait Tool: Rendered + Send + Sync {
    /// The tool's name, description and call options.
    const SPEC: ToolSpec<'static>;

    /// The cache for the tool's results, if there is one.
    #[cfg(feature = "cache")]
    const CACHE: Option<&'static ToolCache> = None;

    /// The type of the arguments. It may borrow from the text that the model sent.
    type Args<'a>: Schema + Deserialize<'a> + Send;

    /// Calls the tool. Failures are returned as results for the model. See [`ToolResult::error`].
    ///
    /// In an implementation, name the type of the arguments (`args: SearchArgs`) instead of `Self::Args<'_>`.
    fn call<'a>(&self, args: Self::Args<'a>, run: &'a RunContext) -> impl Future<Output = ToolResult> + Send;

    /// Erases the tool's type, for lists known only at run time.
    ///
    /// ```
    /// use agno::prelude::*;
    /// use agno::tool::{DynTools, Tool, Toolset};
    ///
    /// /// Rolls a die.
    /// #[tool]
    /// fn roll() -> u8 { 4 }
    ///
    /// let tools = DynTools::new().with_tool(roll {}.erase().with_approval())?;
    /// assert_eq!(tools.find("roll"), Some(0));
    /// # Ok::<(), agno::Error>(())
    /// ```
    fn erase(self) -> DynTool
    where
        Self: Sized + 'static,
    {
        DynTool::new(self)
    }
}
