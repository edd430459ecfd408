//! Anthropic's Messages API: Claude, and the servers that speak the same.
//!
//! An answer is a list of blocks. Text, thinking and calls become parts of their own; every other kind, known today or
//! not, is kept as it came and sent back in its place, so that searches, code runs, MCP calls and whatever comes next
//! pass through.

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

/// The name under which signatures and ids are kept.
const PROVIDER: &str = "anthropic";

/// The row of the table of providers.
const ROW: &KnownProvider = known(PROVIDER);
