//! Models behind HTTP APIs, one folder an API.

#[cfg(feature = "anthropic")]
pub mod anthropic;
mod api;
#[cfg(feature = "bedrock")]
pub mod bedrock;
mod body;
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
mod claude;
mod connection;
mod error;
mod exchange;
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
mod fit_schema;
#[cfg(feature = "bedrock")]
mod frames;
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
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
mod turns;

#[cfg(feature = "anthropic")]
#[doc(inline)]
pub use anthropic::Anthropic;
#[cfg(feature = "bedrock")]
#[doc(inline)]
pub use bedrock::Bedrock;
pub use http::client_builder;
#[doc(inline)]
pub use openai::OpenAi;
/// The crate of the HTTP client under every provider, for those who bring their own: see [`client_builder`].
pub use reqwest;
