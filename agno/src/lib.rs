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
//! // A script stands in for the model; `AnyModel::from_env()?` is a real one.
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
//! # Where to begin
//!
//! - [`macro@tool`], [`macro@toolkit`], [`macro@agent`] and [`derive(Schema)`](macro@Schema): declare.
//! - [`Agent`]: run, stream, resume; [`Outcome`]: runs that wait for a person. [`Session`]: a conversation over several runs. [`Answer`] and [`Error`]: how a
//!   run ends.
//! - [`model`]: what an agent runs on. [`AnyModel`] is named by text, [`ScriptedModel`]
//!   is for tests.
//! - [`tool`](mod@tool): tools by hand and at run time. [`schema`]: what a model is told, and what it is held to.
//! - [`run`]: the machine without I/O behind every run.
//! - [What is checked at compile time](compile_time), and what the compiler says.
//!
//! # Features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `openai` | yes | OpenAI's Chat Completions API and every server that speaks it |
//! | `anthropic`, `gemini`, `ollama`, `cohere`, `bedrock` | no | the APIs of these providers |
//! | `cache` | no | keeps answers of models in memory or on disk, and results of tools |
//! | `compression` | no | replies of providers compressed with gzip |
//! | `light-idna` | yes | keeps 16 crates of Unicode tables out of the tree |
//! | `local` | no | GGUF weights run in this process |
//! | `chrono`, `time`, `uuid`, `url`, `rust_decimal` | no | schemas of the types of these crates, as their serde writes them |
//! | `schemars` | no | arguments of tools and outputs of agents of types that implement `schemars::JsonSchema` |

// docs.rs builds with nightly, where the documentation names the feature that each item needs.
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
/// serde as agno uses it: a crate that depends on nothing but agno derives with `#[serde(crate = "agno::serde")]`.
pub use serde;
#[doc(inline)]
pub use session::Session;
/// Cancels a run from elsewhere; see [`Agent::cancellation`].
pub use tokio_util::sync::CancellationToken;
#[doc(inline)]
pub use tool::{DynTool, RunContext, Tool};
