//! The Chat Completions provider against a server on loopback: what it asks, what it understands, how it fails.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod errors;
mod replies;
mod requests;
mod secrets;
mod server;

use agno::model::{Model, Reply, ReplyBuilder, Request};
use agno::provider::OpenAi;
use agno::{Message, ModelError};
use futures_util::StreamExt;

/// The streamed answer to a greeting, added up.
async fn streamed(model: &OpenAi) -> Result<Reply, ModelError> {
    let hello = [Message::user("Hello")];
    let mut pieces = std::pin::pin!(model.stream(Request::new(&hello)));
    let mut builder = ReplyBuilder::new();
    while let Some(piece) = pieces.next().await {
        builder.push(&piece?);
    }
    builder.finish()
}

/// The whole answer to a greeting.
async fn whole(model: &OpenAi) -> Result<Reply, ModelError> {
    model.complete(Request::new(&[Message::user("Hello")])).await
}
