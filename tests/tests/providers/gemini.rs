//! Gemini: what is asked of the Gemini API and of Vertex AI, what is understood of their answers, how they fail.

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

/// A model of this name at this server.
fn model(server: &Server, name: &str) -> Gemini {
    let builder = Gemini::builder(name).api_key("test-key");
    builder
        .base_url(format!("{}/v1beta", server.url))
        .build()
        .unwrap()
}

/// An answer of these parts.
fn answer(parts: &Value) -> String {
    json!({
        "candidates": [{"content": {"parts": parts, "role": "model"}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5},
        "modelVersion": "gemini-test",
        "responseId": "r-1",
    })
    .to_string()
}

/// What the API hears of this request to this model.
async fn asked(name: &str, request: Request<'_>) -> Value {
    let server = Server::start([Answer::json(answer(&json!([{"text": "Hello"}])))]).await;
    model(&server, name).complete(request).await.unwrap();
    server.asked()[0].json()
}

/// What comes of these events.
async fn streamed(events: &[&str]) -> Result<Reply, ModelError> {
    let server = Server::start([Answer::raw_events(events.iter().copied()).byte_by_byte()]).await;
    agno_tests::streamed(&model(&server, "gemini-3-flash"), agno_tests::hello()).await
}

/// A model's message of these parts, its calls answered by these results.
fn said(parts: Value, provider: Option<&str>, results: &[ToolResult]) -> Message {
    let mut message: Message =
        serde_json::from_value(json!({"role": "assistant", "parts": parts, "provider": provider})).unwrap();
    if let Message::Assistant(message) = &mut message {
        for (call, result) in message.calls_mut().zip(results) {
            call.result = Some(result.clone());
        }
    }
    message
}
