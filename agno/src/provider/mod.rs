//! Models behind HTTP APIs, one folder an API.

pub(crate) mod http;
pub mod openai;
mod place;
mod retry_after;
pub mod sse;

pub use http::client_builder;
#[doc(inline)]
pub use openai::OpenAi;
/// The crate of the HTTP client under every provider, for those who bring their own: see [`client_builder`].
pub use reqwest;
