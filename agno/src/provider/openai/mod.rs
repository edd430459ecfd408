//! OpenAI's Chat Completions API and the many servers that implement it.
//!
//! All servers share one implementation. Each [`Server`] in [`SERVERS`] declares its base URL, its key variables and
//! its quirks. A single decoder accepts every known reply variant.

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
