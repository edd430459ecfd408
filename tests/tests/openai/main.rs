//! The Chat Completions provider against a loopback server: requests, replies and errors.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod errors;
mod headers;
mod replies;
mod requests;
mod secrets;
mod sources;
mod table;
mod thinking;
mod usage;

use agno::ModelError;
use agno::model::Reply;
use agno::provider::OpenAi;

/// Streams a greeting and returns the assembled reply.
async fn streamed(model: &OpenAi) -> Result<Reply, ModelError> {
    agno_tests::streamed(model, agno_tests::hello()).await
}

/// Sends a greeting and returns the reply.
async fn complete(model: &OpenAi) -> Result<Reply, ModelError> {
    use agno::Model;

    model.complete(agno_tests::hello()).await
}
