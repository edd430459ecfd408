//! Ollama, by its own API: `/api/chat`, which streams a JSON text a line.

mod builder;
mod model;
mod reply;
mod request;
mod wire;

pub use builder::Builder;
pub use model::Ollama;
pub use reply::{StreamReader, read_reply};

/// The name under which thoughts are kept.
const PROVIDER: &str = "ollama";
