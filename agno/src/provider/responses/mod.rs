//! OpenAI's Responses API, and other servers that implement it. Unlike Chat Completions, this API supports encrypted
//! reasoning that is sent back, provider tools and many kinds of items.
//!
//! By default, the provider stores nothing: each request contains the entire conversation, and `store` is `false`
//! unless an extra field sets it. Reply items for which agno has no type are stored unchanged as a
//! [`Part::Provider`](crate::message::Part::Provider) and sent back at the same position.
//!
//! Some items request an action from the program, such as an approval or a command to run. Answer such an item with
//! another item, in an assistant message with the same `provider`, directly after the reply:
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
mod lookup;
mod model;
mod reply;
mod reply_parts;
mod request;
mod wire;

pub use builder::Builder;
pub use model::OpenAiResponses;
pub use reply::{StreamReader, read_reply};
