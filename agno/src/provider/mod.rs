//! Models behind HTTP APIs, one folder an API.

mod api;
mod body;
mod connection;
mod error;
mod exchange;
mod framing;
pub(crate) mod http;
mod lenient;
mod limits;
#[cfg(feature = "ollama")]
mod lines;
pub mod openai;
mod place;
#[cfg(feature = "openai")]
pub mod responses;
mod retry_after;
pub mod sse;
mod strategy;

pub use http::client_builder;
#[doc(inline)]
pub use openai::OpenAi;
/// The crate of the HTTP client under every provider, for those who bring their own: see [`client_builder`].
pub use reqwest;
#[cfg(feature = "openai")]
#[doc(inline)]
pub use responses::OpenAiResponses;
