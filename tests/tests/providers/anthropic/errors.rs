//! Errors have the correct kind and contain no secrets.

use std::error::Error as _;

use agno::Message;
use agno::model::{Model, ModelErrorKind, Request};
use agno::provider::Anthropic;
use serde_json::json;

use super::model;
use agno_tests::server::{Answer, Server};
use agno_tests::{hello, streamed};

#[tokio::test]
async fn errors_have_the_correct_kind() {
    use ModelErrorKind as Kind;
    for (status, name, message, kind) in [
        (400, "invalid_request_error", "no", Kind::BadRequest),
        (
            400,
            "invalid_request_error",
            "prompt is too long: 9 tokens",
            Kind::ContextTooLong,
        ),
        (
            400,
            "invalid_request_error",
            "Your credit balance is too low",
            Kind::QuotaExceeded,
        ),
        (
            400,
            "invalid_request_error",
            "Output blocked by content filtering policy",
            Kind::ContentRefused,
        ),
        (401, "authentication_error", "no", Kind::Authentication),
        (403, "permission_error", "no", Kind::Authentication),
        (404, "not_found_error", "no", Kind::NotFound),
        (413, "request_too_large", "no", Kind::ContextTooLong),
        (429, "rate_limit_error", "no", Kind::RateLimited),
        (500, "api_error", "no", Kind::Overloaded),
        (529, "overloaded_error", "no", Kind::Overloaded),
    ] {
        let body = json!({"type": "error", "error": {"type": name, "message": message}}).to_string();
        let refusal = Answer::error(status, &body).header("retry-after", "3");
        let server = Server::start([refusal, Answer::raw_events([body.as_str()])]).await;
        let model = model(&server, "claude-sonnet-4-5");
        let error = model.complete(hello()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (kind, Some(status)),
            "{name} {message}"
        );
        assert_eq!(error.retry_after().map(|delay| delay.as_secs()), Some(3));
        // The same error within a stream, without a status.
        let error = streamed(&model, hello()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{name} {message} in a stream");
    }
}

#[tokio::test]
async fn no_output_contains_a_secret() {
    let echo = r#"{"type":"error","error":{"type":"canary-key","message":"canary-prompt canary-key"}}"#;
    let answers = [
        Answer::error(400, echo),
        Answer::error(401, echo),
        Answer::json(echo),
        Answer::json(r#"{"content":"canary-prompt"}"#),
        Answer::raw_events([echo]),
        Answer::raw_events([r#"{"type":"message_start","message":"canary-prompt"}"#]),
    ];
    let count = answers.len();
    let server = Server::start(answers).await;
    let builder = Anthropic::builder("m")
        .api_key("canary-key")
        .base_url(format!("{}?k=canary-query", server.url));
    let mut output = format!("{builder:?}");
    let model = builder.header("x-secret", "canary-header").build().unwrap();
    output.push_str(&format!("{model:?}"));
    let prompt = [Message::user("canary-prompt")];
    for at in 0..count {
        let error = match at {
            0..4 => model.complete(Request::new(&prompt)).await.unwrap_err(),
            _ => streamed(&model, Request::new(&prompt)).await.unwrap_err(),
        };
        output.push_str(&format!(
            "{error} {error:?} {:?}",
            error.source().map(ToString::to_string)
        ));
        assert!(
            !error
                .provider_message()
                .unwrap_or_default()
                .contains("canary-key")
        );
    }
    assert!(!output.contains("canary"), "{output}");
}
