//! Amazon Bedrock's Converse API, a single format for models from Amazon, Anthropic, Meta, Mistral and others.
//!
//! Requests are signed with AWS credentials (Signature Version 4) or carry a Bedrock API key. Streamed replies arrive
//! as binary frames with checksums.

mod blocks;
mod builder;
mod content;
mod credentials;
mod model;
mod reply;
mod request;
mod sign;
mod wire;

pub use builder::Builder;
pub use model::Bedrock;
pub use reply::{StreamReader, read_reply};

use super::KnownProvider;
use super::list::known;

/// The provider name stored with signatures and IDs.
const PROVIDER: &str = "bedrock";

/// This provider's entry in the table of providers.
const ROW: &KnownProvider = known(PROVIDER);
