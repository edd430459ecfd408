//! Ollama: what is asked of its own API, what is understood of its answers, how it fails.

mod replies;
mod requests;

use agno::model::Request;
use agno::provider::Ollama;
use agno::{Model, ModelError};
use agno_tests::server::{Answer, Server};
use serde_json::{Value, json};

/// A model at this server.
fn model(server: &Server) -> Ollama {
    Ollama::builder("test-model")
        .base_url(&server.url)
        .build()
        .unwrap()
}

/// A whole answer that says this.
fn answer(message: &Value) -> String {
    json!({"model": "test-model", "message": message, "done": true, "done_reason": "stop", "prompt_eval_count": 3, "eval_count": 2})
        .to_string()
}

/// A streamed answer of these lines.
fn lines(lines: &[Value]) -> Answer {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Answer::new(200, "application/x-ndjson", text)
}

/// What the API hears of this request.
async fn asked(request: Request<'_>) -> Result<Value, ModelError> {
    let server = Server::start([Answer::json(answer(&json!({"content": "Hello"})))]).await;
    model(&server).complete(request).await?;
    Ok(server.asked()[0].json())
}
