//! Cohere's models, behind its chat API, version 2.

mod builder;
mod citations;
mod model;
mod reply;
mod request;
mod wire;

pub use builder::Builder;
pub use model::Cohere;
pub use reply::{StreamReader, read_reply};

use super::KnownProvider;
use super::list::known;

/// The name under which thoughts and plans are kept.
const PROVIDER: &str = "cohere";

/// The row of the table of providers.
const ROW: &KnownProvider = known(PROVIDER);

/// The name of a plan: what a model thinks aloud before it calls tools, which has a field of its own.
const PLAN: &str = "tool_plan";
