//! OpenAI's Responses API: what OpenAI has beyond Chat Completions (reasoning that goes back encrypted, tools of its own,
//! items of every kind), and the servers that speak it too.
//!
//! Nothing is kept at the provider: each request carries the conversation, and `store` is false unless an extra field
//! says otherwise. Every item of an answer that agno has no name for is kept as it came, a
//! [`Part::Provider`](crate::message::Part::Provider), and goes back in its place.
//!
//! An item that asks something of the program (an approval, a command to run) is answered by another, in a message of the
//! same provider behind it:
//!
//! ```
//! use agno::message::{AssistantMessage, Part, ProviderItem};
//!
//! let approval = r#"{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":true}"#;
//! let mut answer = AssistantMessage::new([Part::from(ProviderItem::new("mcp_approval_response", approval))]);
//! answer.provider = Some("openai".into());
//! ```

mod builder;
mod fields;
mod input;
mod items;
mod model;
mod reply;
mod reply_parts;
mod request;
mod wire;

pub use builder::Builder;
pub use model::OpenAiResponses;
pub use reply::{StreamReader, read_reply};
