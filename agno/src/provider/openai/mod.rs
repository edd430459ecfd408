//! OpenAI's Chat Completions API, and the many servers that speak it.
//!
//! One core and a table: a [`Server`] of [`SERVERS`] says where it is, whose key it takes and how it differs. What
//! they send is read by one decoder that takes every form seen in the wild.

mod builder;
mod calls;
mod model;
mod quirks;
mod reasoning_details;
mod reply;
mod reply_parts;
mod request;
mod server;
mod servers;
mod surrogates;
mod wire;

pub use builder::Builder;
pub use model::OpenAi;
pub use quirks::{OutputFormat, Quirks};
pub use reply::{StreamReader, read_reply};
pub use server::{KeyHeader, Server};
pub use servers::{OPENAI, SERVERS};
