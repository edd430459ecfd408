//! Embedders behind HTTP APIs, one file an API.
//!
//! One call takes any number of texts: they are cut into requests of what the provider takes at once, a few of which are
//! under way at a time, and the vectors come in the order of the texts.

#[cfg(feature = "cohere")]
mod cohere;
mod exchange;
mod floats;
#[cfg(feature = "gemini")]
mod gemini;
mod handle;
#[cfg(feature = "ollama")]
mod ollama;
#[cfg(feature = "openai")]
mod openai;

#[cfg(feature = "cohere")]
pub use cohere::{CohereEmbedder, CohereEmbedderBuilder};
#[cfg(feature = "gemini")]
pub use gemini::{GeminiEmbedder, GeminiEmbedderBuilder};
#[cfg(feature = "ollama")]
pub use ollama::{OllamaEmbedder, OllamaEmbedderBuilder};
#[cfg(feature = "openai")]
pub use openai::{OpenAiEmbedder, OpenAiEmbedderBuilder};
