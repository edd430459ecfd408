//! The reply size limit: every byte of a body counts, regardless of what the body contains.

use std::convert::identity;

use agno::embed::{Embedder, OpenAiEmbedder};
use agno::model::{DynModel, Model, ModelErrorKind};
use agno::provider::{Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAi, OpenAiResponses};
use agno_tests::server::{Answer, Server};
use agno_tests::{hello, streamed};
use serde_json::json;

/// The reply size limit of all models in these tests.
const MAX: usize = 256 * 1024;

/// Builds a model for each provider, with the server's base URL and the limit `MAX`.
macro_rules! models {
    ($server:expr; $($name:ident($url:literal) $with:expr),* $(,)?) => {
        vec![$({
            let builder = $name::builder("m").api_key("k").base_url(format!("{}{}", $server.url, $url));
            (stringify!($name), $with(builder).max_reply_bytes(MAX).build().unwrap().erase())
        }),*]
    };
}

fn models(server: &Server) -> Vec<(&'static str, DynModel)> {
    models![server;
        OpenAi("/v1") identity,
        OpenAiResponses("/v1") identity,
        Anthropic("/v1") identity,
        Gemini("/v1beta") identity,
        Cohere("/v2") identity,
        Ollama("") identity,
        Bedrock("") |builder: agno::provider::bedrock::Builder| builder.region("eu-west-1"),
    ]
}

/// Asserts that the next streamed reply is rejected as too large, with an error that names the limit and the setting.
async fn assert_too_large(model: &DynModel, name: &str) {
    let error = streamed(model, hello()).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::TooLarge, "{name}");
    let message = error.to_string();
    assert!(
        message.contains("262144 bytes") && message.contains("max_reply_bytes"),
        "{name}: {message}"
    );
}

fn repeated(event: &str) -> Answer {
    let count = 4 * MAX / event.len();
    Answer::new(200, "text/event-stream", event.repeat(count)).without_end()
}

#[tokio::test]
async fn every_kind_of_delta_counts_toward_the_limit() {
    let text = "x".repeat(4000);
    let details = json!([{"type": "reasoning.encrypted", "data": text}]);
    let logprobs = json!({"content": [{"token": text, "logprob": -0.5}]});
    let annotation = json!({"type": "url_citation", "url_citation": {"url": "u", "content": text}});
    let chat = [
        json!({"delta": {"content": text}}),
        json!({"delta": {"audio": {"data": text}}}),
        json!({"delta": {"tool_calls": [{"index": 0, "function": {"arguments": text}}]}}),
        json!({"delta": {"reasoning_details": details}}),
        json!({"delta": {}, "logprobs": logprobs}),
        json!({"delta": {"annotations": [annotation]}}),
        json!({"delta": {"images": [{"image_url": {"url": text}}]}}),
    ];
    let mut events: Vec<(usize, String)> = chat
        .iter()
        .map(|choice| (0, format!("data: {}\n\n", json!({"choices": [choice]}))))
        .collect();
    let call = json!({"type": "function_call", "call_id": text, "name": "f", "arguments": ""});
    for event in [
        json!({"type": "response.output_text.delta", "output_index": 0, "delta": text}),
        json!({"type": "response.output_text.annotation.added", "output_index": 0, "annotation": {"type": "url_citation", "url": text}}),
        json!({"type": "response.output_item.added", "item": call}),
    ] {
        events.push((1, format!("data: {event}\n\n")));
    }
    for event in [
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}),
        json!({"type": "ping"}),
    ] {
        events.push((2, format!("data: {event}\n\n")));
    }
    let parts = json!([{"inlineData": {"mimeType": "audio/L16", "data": text}}]);
    events.push((
        3,
        format!(
            "data: {}\n\n",
            json!({"candidates": [{"content": {"parts": parts}}]})
        ),
    ));
    events.push((
        4,
        format!(
            "data: {}\n\n",
            json!({"type": "tool-plan-delta", "delta": {"message": {"tool_plan": text}}})
        ),
    ));
    events.push((5, format!("{}\n", json!({"message": {"images": [text]}}))));
    let server = Server::start(events.iter().map(|(_, event)| repeated(event))).await;
    let models = models(&server);
    for (model, event) in &events {
        let (name, model) = &models[*model];
        assert_too_large(model, &format!("{name}: {}", &event[..event.len().min(120)])).await;
    }
}

#[tokio::test]
async fn endless_comments_and_garbage_count_toward_the_limit() {
    for filler in [": a comment\n\n", "event: ping\n\n", "\n", "x"] {
        let server = Server::start((0..7).map(|_| repeated(filler))).await;
        for (name, model) in models(&server) {
            let error = streamed(&model, hello()).await.unwrap_err();
            // The formats of Ollama and Bedrock have no comments, so these providers may report malformed replies instead.
            let is_other =
                matches!(name, "Ollama" | "Bedrock") && error.kind() == ModelErrorKind::MalformedReply;
            assert!(
                is_other || error.kind() == ModelErrorKind::TooLarge,
                "{name} {filler:?}: {error}"
            );
        }
    }
}

#[tokio::test]
async fn complete_replies_and_embeddings_have_the_same_limit() {
    let body = format!("\"{}\"", "x".repeat(MAX));
    let server = Server::start((0..15).map(|_| Answer::json(body.clone()))).await;
    for (name, model) in models(&server) {
        let error = model.complete(hello()).await.unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::TooLarge, "{name}");
        assert!(error.to_string().contains("max_reply_bytes"), "{error}");
        assert_too_large(&model, name).await;
    }
    let embedder = OpenAiEmbedder::builder("m").api_key("k").max_reply_bytes(MAX);
    let embedder = embedder.base_url(&server.url).build().unwrap();
    let error = embedder.embed(&["a"]).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::TooLarge, "{error}");
}

#[tokio::test]
async fn a_reply_within_a_raised_limit_is_read() {
    let text = "x".repeat(33 * 1024 * 1024);
    let body = json!({"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}).to_string();
    let event = format!("data: {body}\n\ndata: [DONE]\n\n");
    let server = Server::start([Answer::json(body), Answer::new(200, "text/event-stream", event)]).await;
    let builder = OpenAi::builder("m").api_key("k").max_reply_bytes(usize::MAX);
    let model = builder.base_url(&server.url).build().unwrap();
    assert_eq!(
        model.complete(hello()).await.unwrap().message.text().len(),
        text.len()
    );
    assert_eq!(
        streamed(&model, hello()).await.unwrap().message.text().len(),
        text.len()
    );
}

#[tokio::test]
async fn the_body_of_an_error_has_its_own_limit() {
    let error = |length: usize| {
        let message = "x".repeat(length);
        Answer::error(400, &json!({"error": {"message": message}}).to_string())
    };
    let endless = Answer::new(400, "application/json", "x".repeat(1024 * 1024)).without_end();
    let server = Server::start([error(60 * 1024), error(70 * 1024), endless]).await;
    let (_, model) = models(&server).remove(0);
    let length = async || {
        let error = model.complete(hello()).await.unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::BadRequest);
        error.provider_message().map(str::len)
    };
    assert_eq!(length().await, Some(60 * 1024));
    assert_eq!(length().await, None);
    assert_eq!(length().await, None);
}

#[test]
fn stream_readers_have_the_default_limit() {
    let event = format!("{{\"choices\":[],\"x\":\"{}\"}}", "x".repeat(1024 * 1024));
    let mut reader = agno::provider::openai::StreamReader::new();
    let failed = (0..33).find_map(|_| reader.event(event.as_bytes()).err());
    assert_eq!(failed.unwrap().kind(), ModelErrorKind::TooLarge);
}

#[tokio::test]
async fn a_reply_with_many_empty_objects_is_rejected() {
    let list = vec!["{}"; 2 * 1024 * 1024].join(",");
    let chat = format!(r#"{{"choices":[{{"message":{{"tool_calls":[{list}]}}}}]}}"#);
    let event = format!(
        r#"{{"choices":[{{"delta":{{"tool_calls":[{}]}}}}]}}"#,
        vec!["{}"; 1000].join(",")
    );
    let server = Server::start([
        Answer::json(format!(r#"{{"choices":[{list}]}}"#)),
        Answer::json(chat),
        Answer::new(
            200,
            "text/event-stream",
            format!("data: {event}\n\n").repeat(2000),
        ),
        Answer::json(format!(r#"{{"data":[{list}]}}"#)),
    ])
    .await;
    let model = server.model();
    for _ in 0..2 {
        let error = model.complete(hello()).await.unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::TooLarge, "{error}");
        assert!(error.to_string().contains("max_reply_bytes"), "{error}");
    }
    let error = streamed(&model, hello()).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::TooLarge, "{error}");
    let embedder = OpenAiEmbedder::builder("m").api_key("k").base_url(&server.url);
    let error = embedder.build().unwrap().embed(&["a"]).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::TooLarge, "{error}");
}
