//! Models behind HTTP APIs, one folder an API.

#[cfg(feature = "anthropic")]
pub mod anthropic;
mod api;
mod body;
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
mod claude;
mod connection;
mod error;
mod exchange;
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
mod fit_schema;
mod framing;
pub(crate) mod http;
mod lenient;
mod limits;
#[cfg(feature = "ollama")]
mod lines;
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
mod minify;
pub mod openai;
mod place;
mod retry_after;
pub mod sse;
mod strategy;

#[cfg(feature = "anthropic")]
#[doc(inline)]
pub use anthropic::Anthropic;
pub use http::client_builder;
#[doc(inline)]
pub use openai::OpenAi;
/// The crate of the HTTP client under every provider, for those who bring their own: see [`client_builder`].
pub use reqwest;
