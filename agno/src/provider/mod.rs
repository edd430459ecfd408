//! Models behind HTTP APIs, one module per API, and [`AnyModel`], which wraps any of them.
//!
//! Each module contains a model's builder, and readers for replies that were recorded or fetched by other means. A
//! module is available with the feature of the same name; [`responses`] requires the `openai` feature. [`PROVIDERS`]
//! lists all providers.

// Lengths and numbers come from untrusted input. Tests may panic.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

#[cfg(feature = "anthropic")]
pub mod anthropic;
pub(crate) mod any;
#[cfg(feature = "__api")]
mod api;
#[cfg(feature = "bedrock")]
pub mod bedrock;
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
mod claude;
#[cfg(feature = "__api")]
pub(crate) mod codec;
#[cfg(feature = "cohere")]
pub mod cohere;
#[cfg(feature = "__api")]
mod exchange;
#[cfg(feature = "__api")]
pub(crate) mod framing;
#[cfg(feature = "gemini")]
pub mod gemini;
mod list;
#[cfg(feature = "ollama")]
pub mod ollama;
#[cfg(feature = "openai")]
pub mod openai;
#[cfg(feature = "__api")]
mod readers;
#[cfg(feature = "openai")]
pub mod responses;
#[cfg(feature = "__api")]
mod strategy;
pub(crate) mod table;
#[cfg(feature = "__http")]
pub(crate) mod transport;

#[cfg(feature = "anthropic")]
#[doc(inline)]
pub use anthropic::Anthropic;
#[doc(inline)]
pub use any::AnyModel;
#[cfg(feature = "bedrock")]
#[doc(inline)]
pub use bedrock::Bedrock;
#[cfg(feature = "cohere")]
#[doc(inline)]
pub use cohere::Cohere;
#[cfg(feature = "gemini")]
#[doc(inline)]
pub use gemini::Gemini;
#[cfg(any(feature = "cohere", feature = "gemini", feature = "ollama"))]
pub(crate) use list::known;
#[cfg(feature = "openai")]
pub(crate) use list::unknown_provider;
pub use list::{KnownProvider, PROVIDERS};
#[cfg(feature = "ollama")]
#[doc(inline)]
pub use ollama::Ollama;
#[cfg(feature = "openai")]
#[doc(inline)]
pub use openai::OpenAi;
/// Re-export of reqwest, for building your own HTTP client; see [`client_builder`].
#[cfg(feature = "__api")]
pub use reqwest;
#[cfg(feature = "openai")]
#[doc(inline)]
pub use responses::OpenAiResponses;
#[cfg(feature = "__api")]
pub use transport::client::client_builder;
