//! Cohere: what is asked of its chat API, what is understood of its answers, how it fails.

mod replies;
mod requests;

use agno::model::Request;
use agno::provider::Cohere;
use agno::{Model, ModelError};
use agno_tests::server::{Answer, Server};
use serde_json::{Value, json};

/// A model at this server.
fn model(server: &Server) -> Cohere {
    let builder = Cohere::builder("test-model").api_key("test-key");
    builder.base_url(format!("{}/v2", server.url)).build().unwrap()
}

/// A whole answer that says this.
fn answer(message: &Value, reason: &str) -> String {
    json!({"id": "c-1", "message": message, "finish_reason": reason, "usage": {
        "billed_units": {"input_tokens": 3, "output_tokens": 2}, "tokens": {"input_tokens": 30, "output_tokens": 20}, "cached_tokens": 16,
    }})
    .to_string()
}

/// What the API hears of this request.
async fn asked(request: Request<'_>) -> Result<Value, ModelError> {
    let hello = answer(
        &json!({"content": [{"type": "text", "text": "Hello"}]}),
        "COMPLETE",
    );
    let server = Server::start([Answer::json(hello)]).await;
    model(&server).complete(request).await?;
    Ok(server.asked()[0].json())
}
