//! Models behind HTTP APIs, one folder an API.

// What they share is used in full only where all of them are built.
#![cfg_attr(
    not(all(
        feature = "openai",
        feature = "gemini",
        feature = "ollama",
        feature = "cohere"
    )),
    allow(
        dead_code,
        unreachable_pub,
        reason = "which of it is used depends on the features"
    )
)]

mod api;
mod body;
mod connection;
#[cfg(any(
    feature = "openai",
    feature = "gemini",
    feature = "cohere",
    feature = "ollama"
))]
pub mod embed;
mod error;
mod exchange;
mod framing;
pub(crate) mod http;
mod lenient;
mod limits;
#[cfg(feature = "ollama")]
mod lines;
#[cfg(feature = "openai")]
pub mod openai;
mod place;
#[cfg(feature = "openai")]
pub mod responses;
mod retry_after;
pub mod sse;
mod strategy;

#[cfg(feature = "cohere")]
#[doc(inline)]
pub use embed::CohereEmbedder;
#[cfg(feature = "gemini")]
#[doc(inline)]
pub use embed::GeminiEmbedder;
#[cfg(feature = "ollama")]
#[doc(inline)]
pub use embed::OllamaEmbedder;
#[cfg(feature = "openai")]
#[doc(inline)]
pub use embed::OpenAiEmbedder;
pub use http::client_builder;
#[cfg(feature = "openai")]
#[doc(inline)]
pub use openai::OpenAi;
/// The crate of the HTTP client under every provider, for those who bring their own: see [`client_builder`].
pub use reqwest;
#[cfg(feature = "openai")]
#[doc(inline)]
pub use responses::OpenAiResponses;
