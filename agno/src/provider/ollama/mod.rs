//! Ollama's native API: `/api/chat`, which streams one JSON object per line.

pub(crate) mod address;
mod builder;
mod model;
mod reply;
mod request;
mod wire;

pub use builder::Builder;
pub use model::Ollama;
pub use reply::{StreamReader, read_reply};

use super::KnownProvider;
use super::list::known;

/// The provider name stored with reasoning.
const PROVIDER: &str = "ollama";

/// This provider's entry in the table of providers.
const ROW: &KnownProvider = known(PROVIDER);
