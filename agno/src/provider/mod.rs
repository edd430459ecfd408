//! Models behind HTTP APIs, one folder an API.

pub(crate) mod http;
pub mod openai;
mod retry_after;
pub mod sse;

#[doc(inline)]
pub use openai::OpenAi;
/// The HTTP client under every provider, for those who bring their own: see [`openai::Builder::client`].
pub use reqwest;
