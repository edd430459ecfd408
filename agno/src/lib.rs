//! LLM agents that are declared, checked and wired at compile time.
//!
//! ```
//! use agno::prelude::*;
//! use agno::model::ScriptedModel;
//!
//! /// Current weather in a city.
//! #[tool]
//! fn weather(
//!     /// City name, for instance "Paris".
//!     city: &str,
//! ) -> String {
//!     format!("light rain in {city}")
//! }
//!
//! /// Answers questions about the weather.
//! #[agent(instructions = "Answer in {language}.", tools = [weather])]
//! struct Forecaster {
//!     language: &'static str,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> agno::Result<()> {
//! // The script replaces a model; `AnyModel::from_env()?` connects to a real one.
//! let model = ScriptedModel::new().call("weather", r#"{"city":"Oslo"}"#).reply("Il pleut.");
//! let agent = Forecaster { language: "French" }.with(model);
//!
//! let answer = agent.run("What is the weather in Oslo?").await?;
//! assert_eq!(answer.text(), "Il pleut.");
//! assert_eq!(answer.calls().next().unwrap().result_text(), "light rain in Oslo");
//! # Ok(())
//! # }
//! ```
//!
//! # Overview
//!
//! - [`macro@tool`], [`macro@toolkit`], [`macro@agent`] and [`derive(Schema)`](macro@Schema): declarations.
//! - [`Agent`]: a declaration with its model, to run, stream and resume. [`Outcome`]: an answer, or a run that waits
//!   for a decision. [`Session`]: a conversation across runs. [`Answer`] and [`Error`]: the result of a run.
//! - [`model`]: models for agents. [`AnyModel`] selects a model by name; [`ScriptedModel`] is for tests.
//! - [`tool`](mod@tool): tools without macros, and tools that are created at run time. [`schema`]: the schemas that
//!   models receive and that their arguments are validated against.
//! - [`run`]: the state machine without I/O behind every run.
//! - [Compile-time checks](compile_time) and their error messages.
//!
//! # Features
//!
//! | feature | default | description |
//! |---|---|---|
//! | `openai` | yes | OpenAI's Chat Completions API and every server that is compatible with it |
//! | `anthropic`, `gemini`, `ollama`, `cohere`, `bedrock` | no | the APIs of these providers |
//! | `cache` | no | caches of model answers in memory or on disk, and of tool results |
//! | `compression` | no | gzip compression of replies from providers |
//! | `light-idna` | yes | excludes 16 crates of Unicode tables from the dependency tree |
//! | `local` | no | GGUF weights that run in this process |
//! | `chrono`, `time`, `uuid`, `url`, `rust_decimal` | no | schemas for the types of these crates, in their serde format |
//! | `schemars` | no | tool arguments and agent outputs of types that implement `schemars::JsonSchema` |

// docs.rs builds with nightly, where the documentation shows the features that each item requires.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(
    unused_extern_crates,
    reason = "expansions inside this crate name it `::agno`"
)]
extern crate self as agno;

pub mod agent;
#[cfg(doc)]
#[doc = include_str!("docs/compile_time.md")]
pub mod compile_time {}
mod const_text;
pub mod embed;
mod handoff;
mod id;
#[cfg(feature = "local")]
pub mod local;
pub mod message;
pub mod model;
pub mod prelude;
pub mod pricing;
pub mod provider;
pub mod run;
pub mod schema;
pub mod session;
#[cfg(feature = "cache")]
mod single_flight;
pub mod tool;

#[doc(hidden)]
pub mod __private;

#[doc(inline)]
pub use agent::{Agent, Declared, DynAgent, Outcome};
#[doc = include_str!("docs/agent.md")]
pub use agno_macros::agent;
#[doc = include_str!("docs/tool.md")]
pub use agno_macros::tool;
#[doc = include_str!("docs/toolkit.md")]
pub use agno_macros::toolkit;
#[doc(inline)]
pub use message::{Message, ToolCall, ToolResult};
#[doc(inline)]
pub use model::{DynModel, Model, ModelError, ModelErrorKind, ScriptedModel, Usage};
#[doc(inline)]
pub use provider::AnyModel;
#[doc(inline)]
pub use run::{Answer, Error, ErrorKind, Event, Result, Run};
#[doc(inline)]
pub use schema::Schema;
/// The version of serde that agno uses. A crate that depends only on agno derives with
/// `#[serde(crate = "agno::serde")]`.
pub use serde;
#[doc(inline)]
pub use session::Session;
/// Cancels a run from another task or thread; see [`Agent::cancellation`].
pub use tokio_util::sync::CancellationToken;
#[doc(inline)]
pub use tool::{DynTool, RunContext, Tool};
