//! Amazon Bedrock's Converse API: the models of Amazon, Anthropic, Meta, Mistral and others behind one form.
//!
//! Requests are signed with AWS credentials (Signature Version 4) or carry an API key of Bedrock's. Streamed answers
//! come as binary frames with checksums.

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

/// The name under which signatures and ids are kept.
const PROVIDER: &str = "bedrock";

/// The row of the table of providers.
const ROW: &KnownProvider = known(PROVIDER);
