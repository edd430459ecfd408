//! Ollama, by its own API: `/api/chat`, which streams a JSON text a line.

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

/// The name under which thoughts are kept.
const PROVIDER: &str = "ollama";

/// The row of the table of providers.
const ROW: &KnownProvider = known(PROVIDER);
