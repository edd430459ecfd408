//! Ollama's native API: requests, replies and errors.

mod replies;
mod requests;

use agno::model::Request;
use agno::provider::Ollama;
use agno::{Model, ModelError};
use agno_tests::server::{Answer, Server};
use serde_json::{Value, json};

/// Returns a model that uses a server.
fn model(server: &Server) -> Ollama {
    Ollama::builder("test-model")
        .base_url(&server.url)
        .build()
        .unwrap()
}

/// Returns a complete response with a message.
fn answer(message: &Value) -> String {
    json!({"model": "test-model", "message": message, "done": true, "done_reason": "stop", "prompt_eval_count": 3, "eval_count": 2})
        .to_string()
}

/// Returns a streamed answer with one JSON value per line.
fn lines(lines: &[Value]) -> Answer {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Answer::new(200, "application/x-ndjson", text)
}

/// Returns the body that the API receives for a request.
async fn body_of(request: Request<'_>) -> Result<Value, ModelError> {
    let server = Server::start([Answer::json(answer(&json!({"content": "Hello"})))]).await;
    model(&server).complete(request).await?;
    Ok(server.requests()[0].json())
}
