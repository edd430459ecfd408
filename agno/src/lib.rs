//! LLM agents that are declared, checked and wired at compile time.

#[allow(
    unused_extern_crates,
    reason = "expansions inside this crate name it `::agno`"
)]
extern crate self as agno;

pub mod agent;
mod error;
#[cfg(feature = "local")]
pub mod local;
pub mod message;
pub mod model;
pub mod prelude;
#[cfg(feature = "__http")]
pub mod provider;
pub mod run;
pub mod schema;
pub mod session;
pub mod tool;

#[doc(hidden)]
pub mod __private;

#[doc(inline)]
pub use agent::{Agent, Answer, Declared, DynAgent};
#[doc = include_str!("docs/agent.md")]
pub use agno_macros::agent;
#[doc = include_str!("docs/tool.md")]
pub use agno_macros::tool;
#[doc = include_str!("docs/toolkit.md")]
pub use agno_macros::toolkit;
pub use error::{Error, ErrorKind, Result};
#[doc(inline)]
pub use message::{Message, ToolCall, ToolResult};
#[doc(inline)]
pub use model::{DynModel, Model, ModelError, ModelErrorKind, Usage};
#[doc(inline)]
pub use run::{Event, Run};
#[doc(inline)]
pub use schema::Schema;
#[doc(inline)]
pub use session::Session;
/// Cancels a run from elsewhere; see [`Agent::cancellation`].
pub use tokio_util::sync::CancellationToken;
#[doc(inline)]
pub use tool::{DynTool, RunContext, Tool};
