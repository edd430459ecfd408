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
//! # Guide
//!
//! The [guide] has nine chapters:
//!
//! 1. [Agents](guide::agents): declare an agent, run or stream it, and handle the answer or error.
//! 2. [Tools](guide::tools): functions and methods that a model can call, and the result that it reads.
//! 3. [Models](guide::models): choose a model by name, add retries, limits and caches, and handle errors.
//! 4. [Sessions](guide::sessions): conversations across runs, and runs that pause, stop and resume.
//! 5. [Services](guide::services): runs that outlive a function, shared agents, and clients that disconnect.
//! 6. [Delegation](guide::delegation): agents that call other agents.
//! 7. [Observation](guide::observation): logs, metrics and traces of runs, requests and calls.
//! 8. [Testing](guide::testing): scripted models, tools on their own, schemas, and recorded replies.
//! 9. [Compile-time checks](guide::compile_time): the mistakes that the compiler rejects, and the message of each.
//!
//! # Reference
//!
//! - [`macro@agent`], [`macro@tool`], [`macro@toolkit`] and [`derive(Schema)`](macro@Schema): declarations.
//! - [`Agent`]: a declared agent with its model. [`Answer`] and [`Error`]: the result of a run. [`Outcome`]: an answer,
//!   or a run that waits for a decision. [`Session`]: a conversation across runs.
//! - [`model`]: models for agents, and the [layers](model::layer) around them. [`AnyModel`] selects a model by name;
//!   [`ScriptedModel`] is for tests. [`provider`]: the APIs of providers. [`pricing`]: the cost of requests.
//! - [`tool`](mod@tool): tools without macros, and tools that are created at run time. [`schema`]: the schemas that are
//!   sent to models and that validate tool arguments. [`message`]: the messages of a conversation.
//! - [`run`]: the state machine without I/O behind every run. [`observe`]: observers of runs.
//! - [`embed`]: embedders, which convert text into vectors.
//!
//! # Features
//!
//! | feature | default | description |
//! |---|---|---|
//! | `openai` | yes | OpenAI's Chat Completions and Responses APIs, and servers that are compatible with the former |
//! | `anthropic`, `gemini`, `ollama`, `cohere`, `bedrock` | no | the APIs of these providers |
//! | `cache` | no | in-memory and on-disk caches for model answers, and a cache for tool results |
//! | `compression` | no | gzip compression of replies from providers |
//! | `light-idna` | yes | excludes 16 crates of Unicode tables from the dependency tree |
//! | `local` | no | GGUF models that run in this process |
//! | `chrono`, `time`, `uuid`, `url`, `rust_decimal` | no | schemas for types in these crates, in their serde format |
//! | `schemars` | no | tool arguments and agent outputs whose types implement `schemars::JsonSchema` |
//! | `testing` | no | tests for implementations of agno's traits, such as stores |
//!
//! # Runtime
//!
//! Models over HTTP, everything that uses timers (time limits, retries, rate limits, scripted delays), on-disk caches
//! and `#[tool(blocking)]` require a tokio runtime with I/O and time enabled, such as the one that `#[tokio::main]`
//! starts. Without such a runtime, they panic. Everything else runs on any executor.

// docs.rs builds with nightly, whose rustdoc can show the features that each item requires.
#![cfg_attr(docsrs, feature(doc_cfg))]
// Internal features, which users never enable directly.
#![cfg_attr(
    docsrs,
    doc(auto_cfg(hide(feature = "__api", feature = "__embed", feature = "__http")))
)]

#[allow(
    unused_extern_crates,
    reason = "macros that expand inside this crate refer to it as `::agno`"
)]
extern crate self as agno;

pub mod agent;
mod const_text;
pub mod context;
pub mod embed;
#[cfg(doc)]
#[doc = include_str!("docs/guide.md")]
pub mod guide {
    #[doc = include_str!("docs/agents.md")]
    pub mod agents {}
    #[doc = include_str!("docs/compile_time.md")]
    pub mod compile_time {}
    #[doc = include_str!("docs/delegation.md")]
    pub mod delegation {}
    #[doc = include_str!("docs/models.md")]
    pub mod models {}
    #[doc = include_str!("docs/observation.md")]
    pub mod observation {}
    #[doc = include_str!("docs/services.md")]
    pub mod services {}
    #[doc = include_str!("docs/sessions.md")]
    pub mod sessions {}
    #[doc = include_str!("docs/testing.md")]
    pub mod testing {}
    #[doc = include_str!("docs/tools.md")]
    pub mod tools {}
}
mod handoff;
mod id;
#[cfg(feature = "local")]
pub mod local;
pub mod message;
pub mod model;
pub mod observe;
pub mod prelude;
pub mod pricing;
pub mod provider;
pub mod run;
pub mod schema;
pub mod session;
#[cfg(feature = "cache")]
mod single_flight;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tool;
mod version;

#[doc(hidden)]
pub mod __private;

/// The private items that the compiler names in its errors about declarations.
///
/// The compiler prints an item that only a hidden module exports as `agno::__private::Item`. The documentation does not
/// contain this module, and it is not part of the API.
#[cfg(not(doc))]
pub mod checks {
    pub use crate::__private::{
        AgentEntry, AnnotatedWithTool, HasModel, Indexed, Instructions, Interpolate, InterpolateDebug,
        Interpolated, IsAgent, PathTools, PlainFunction, ProviderEntry, ToolEntry, ToolPath, at_most,
        borrowed, input_message, instructions, is_agent, member, parse_output, provider, schema_of,
        schemars_output, shape_of, unique,
    };
}

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
/// The version of serde that agno uses. A crate that depends only on agno can derive serde's traits with
/// `#[serde(crate = "agno::serde")]`.
pub use serde;
#[doc(inline)]
pub use session::Session;
/// Cancels a run from another task or thread; see [`Agent::cancellation`].
///
pub use tokio_util::sync::CancellationToken;
#[doc(inline)]
pub use tool::{DynTool, RunContext, Tool};
