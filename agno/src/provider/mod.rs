//! Models behind HTTP APIs, one folder an API.

// What they share is used in full only where all of them are built.
#![cfg_attr(
    not(all(
        feature = "openai",
        feature = "anthropic",
        feature = "gemini",
        feature = "ollama",
        feature = "cohere",
        feature = "bedrock"
    )),
    allow(
        dead_code,
        unreachable_pub,
        reason = "which of it is used depends on the features"
    )
)]

#[cfg(feature = "anthropic")]
pub mod anthropic;
mod api;
#[cfg(feature = "bedrock")]
pub mod bedrock;
mod body;
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
mod claude;
#[cfg(feature = "cohere")]
pub mod cohere;
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
#[cfg(any(feature = "anthropic", feature = "bedrock"))]
mod fit_schema;
#[cfg(feature = "bedrock")]
mod frames;
mod framing;
#[cfg(feature = "gemini")]
pub mod gemini;
pub(crate) mod http;
mod lenient;
mod limits;
#[cfg(feature = "ollama")]
mod lines;
mod minify;
#[cfg(feature = "ollama")]
pub mod ollama;
#[cfg(feature = "openai")]
pub mod openai;
mod place;
mod readers;
#[cfg(feature = "openai")]
pub mod responses;
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
#[cfg(feature = "cohere")]
#[doc(inline)]
pub use cohere::Cohere;
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
#[cfg(feature = "gemini")]
#[doc(inline)]
pub use gemini::Gemini;
pub use http::client_builder;
#[cfg(feature = "ollama")]
#[doc(inline)]
pub use ollama::Ollama;
#[cfg(feature = "openai")]
#[doc(inline)]
pub use openai::OpenAi;
/// The crate of the HTTP client under every provider, for those who bring their own: see [`client_builder`].
pub use reqwest;
#[cfg(feature = "openai")]
#[doc(inline)]
pub use responses::OpenAiResponses;
