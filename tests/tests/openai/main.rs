//! The Chat Completions provider against a server on loopback: what it asks, what it understands, how it fails.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod errors;
mod replies;
mod requests;
mod secrets;
mod sources;
mod table;
mod thinking;

use agno::ModelError;
use agno::model::Reply;
use agno::provider::OpenAi;

/// The streamed answer to a greeting, added up.
async fn streamed(model: &OpenAi) -> Result<Reply, ModelError> {
    agno_tests::streamed(model, agno_tests::hello()).await
}

/// The whole answer to a greeting.
async fn whole(model: &OpenAi) -> Result<Reply, ModelError> {
    use agno::Model;

    model.complete(agno_tests::hello()).await
}
