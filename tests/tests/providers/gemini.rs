//! The Gemini API and Vertex AI: requests, replies and errors.

mod failures;
mod media;
mod replies;
mod requests;
mod runs;

use agno::model::{Reply, Request};
use agno::provider::Gemini;
use agno::{Message, Model, ModelError, ToolResult};
use agno_tests::server::{Answer, Server};
use serde_json::{Value, json};

/// Returns a model that uses a server.
fn model(server: &Server, name: &str) -> Gemini {
    let builder = Gemini::builder(name).api_key("test-key");
    builder
        .base_url(format!("{}/v1beta", server.url))
        .build()
        .unwrap()
}

/// Returns a complete response with these parts.
fn answer(parts: &Value) -> String {
    json!({
        "candidates": [{"content": {"parts": parts, "role": "model"}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5},
        "modelVersion": "gemini-test",
        "responseId": "r-1",
    })
    .to_string()
}

/// Returns the body that the API receives for a request to a model.
async fn body_for(name: &str, request: Request<'_>) -> Value {
    let server = Server::start([Answer::json(answer(&json!([{"text": "Hello"}])))]).await;
    model(&server, name).complete(request).await.unwrap();
    server.requests()[0].json()
}

/// Streams events and returns the assembled reply.
async fn streamed(events: &[&str]) -> Result<Reply, ModelError> {
    let server = Server::start([Answer::raw_events(events.iter().copied()).byte_by_byte()]).await;
    agno_tests::streamed(&model(&server, "gemini-3-flash"), agno_tests::hello()).await
}

/// Returns an assistant message with these parts and call results.
fn assistant_message(parts: Value, provider: Option<&str>, results: &[ToolResult]) -> Message {
    let mut message: Message =
        serde_json::from_value(json!({"role": "assistant", "parts": parts, "provider": provider})).unwrap();
    if let Message::Assistant(message) = &mut message {
        for (call, result) in message.calls_mut().zip(results) {
            call.result = Some(result.clone());
        }
    }
    message
}
