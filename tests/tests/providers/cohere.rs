//! Cohere's chat API: requests, replies and errors.

mod replies;
mod requests;

use agno::model::Request;
use agno::provider::Cohere;
use agno::{Model, ModelError};
use agno_tests::server::{Answer, Server};
use serde_json::{Value, json};

/// Returns a model that uses this server.
fn model(server: &Server) -> Cohere {
    let builder = Cohere::builder("test-model").api_key("test-key");
    builder.base_url(format!("{}/v2", server.url)).build().unwrap()
}

/// Returns a complete response with a message and a finish reason.
fn answer(message: &Value, reason: &str) -> String {
    json!({"id": "c-1", "message": message, "finish_reason": reason, "usage": {
        "billed_units": {"input_tokens": 3, "output_tokens": 2}, "tokens": {"input_tokens": 30, "output_tokens": 20}, "cached_tokens": 16,
    }})
    .to_string()
}

/// Returns the body that the API receives for a request.
async fn body_of(request: Request<'_>) -> Result<Value, ModelError> {
    let hello = answer(
        &json!({"content": [{"type": "text", "text": "Hello"}]}),
        "COMPLETE",
    );
    let server = Server::start([Answer::json(hello)]).await;
    model(&server).complete(request).await?;
    Ok(server.requests()[0].json())
}
