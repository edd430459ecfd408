//! Anthropic's Messages API, as served by Anthropic and by compatible servers.
//!
//! A reply is a list of blocks. Text, thinking and tool calls become typed parts. A block of any other kind, known or
//! unknown, is kept unchanged and sent back in its original position. Searches, code runs, MCP calls and future kinds
//! therefore pass through.

mod blocks;
mod builder;
mod content;
mod model;
mod reply;
mod request;
mod wire;

pub use builder::Builder;
pub use model::Anthropic;
pub use reply::{StreamReader, read_reply};

use super::KnownProvider;
use super::list::known;

/// The provider name stored with signatures and IDs.
const PROVIDER: &str = "anthropic";

/// This provider's entry in the table of providers.
const ROW: &KnownProvider = known(PROVIDER);
