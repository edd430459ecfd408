//! OpenAI's Responses API: what OpenAI has beyond Chat Completions (reasoning that goes back encrypted, tools of its own,
//! items of every kind), and the servers that speak it too.
//!
//! Nothing is kept at the provider: each request carries the conversation, and `store` is false unless an extra field
//! says otherwise. Every item of an answer that agno has no name for is kept as it came and goes back in its place.

mod builder;
mod fields;
mod input;
mod items;
mod model;
mod pieces;
mod reply;
mod request;
mod wire;

pub use builder::Builder;
pub use model::OpenAiResponses;
pub use reply::{StreamReader, read_reply};
