//! Cohere's chat API, version 2.

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

/// The provider name stored with reasoning, plans and provider items.
const PROVIDER: &str = "cohere";

/// This provider's entry in the table of providers.
const ROW: &KnownProvider = known(PROVIDER);

/// The field that contains a plan: the text that a model writes before it calls tools.
const PLAN: &str = "tool_plan";
