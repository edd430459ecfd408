//! Errors have the correct kind, with and without streaming, and contain no secrets.

use agno::model::{Model, ModelErrorKind, Request, Settings};
use agno::provider::OpenAiResponses;
use agno::{Message, ModelError};
use futures_util::StreamExt;
use serde_json::json;

use super::{complete, model, streamed};
use agno_tests::server::{Answer, Server};

/// Returns the error for an answer, which must be the same with and without streaming.
async fn error_of(answer: Answer) -> ModelError {
    let server = Server::start([answer.clone(), answer]).await;
    let model = model(&server);
    let error = complete(&model).await.unwrap_err();
    let other = streamed(&model).await.unwrap_err();
    assert_eq!(
        (error.to_string(), error.kind()),
        (other.to_string(), other.kind())
    );
    error
}

#[tokio::test]
async fn errors_have_the_correct_kind() {
    use ModelErrorKind as Kind;

    for (status, body, kind) in [
        (
            401,
            r#"{"error":{"message":"m","code":"invalid_api_key"}}"#,
            Kind::Authentication,
        ),
        (
            404,
            r#"{"error":{"message":"m","code":"model_not_found"}}"#,
            Kind::NotFound,
        ),
        (
            429,
            r#"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#,
            Kind::QuotaExceeded,
        ),
        (
            429,
            r#"{"error":{"message":"m","code":"rate_limit_exceeded"}}"#,
            Kind::RateLimited,
        ),
        (
            400,
            r#"{"error":{"message":"m","code":"context_length_exceeded"}}"#,
            Kind::ContextTooLong,
        ),
        (
            400,
            r#"{"error":{"message":"m","code":"invalid_prompt"}}"#,
            Kind::ContentRefused,
        ),
        (
            400,
            r#"{"error":{"message":"m","type":"invalid_request_error","param":"input[1].id","code":null}}"#,
            Kind::BadRequest,
        ),
        (
            500,
            r#"{"error":{"message":"m","type":"server_error"}}"#,
            Kind::Overloaded,
        ),
    ] {
        let error = error_of(Answer::error(status, body)).await;
        assert_eq!((error.kind(), error.status()), (kind, Some(status)), "{body}");
    }
}

#[tokio::test]
async fn a_failed_response_is_an_error_with_and_without_streaming() {
    use ModelErrorKind as Kind;

    for (code, kind) in [
        ("server_error", Kind::Overloaded),
        ("rate_limit_exceeded", Kind::RateLimited),
        ("invalid_prompt", Kind::ContentRefused),
        ("bio_policy", Kind::ContentRefused),
        ("image_content_policy_violation", Kind::ContentRefused),
        ("invalid_image_url", Kind::BadRequest),
        ("image_too_large", Kind::BadRequest),
        ("unsupported_image_media_type", Kind::BadRequest),
        ("failed_to_download_image", Kind::BadRequest),
        ("data_residency_mismatch", Kind::BadRequest),
        ("vector_store_timeout", Kind::Overloaded),
        ("context_length_exceeded", Kind::ContextTooLong),
    ] {
        let failed = json!({"id": "resp_1", "status": "failed", "output": [], "error": {"code": code, "message": "canary message"},
            "usage": {"input_tokens": 3, "output_tokens": 1}});
        let started =
            json!({"type": "response.output_text.delta", "output_index": 0, "delta": "Half"}).to_string();
        let ended = json!({"type": "response.failed", "response": failed}).to_string();
        let sent =
            json!({"type": "error", "code": code, "message": "canary message", "param": null}).to_string();
        let nested =
            json!({"type": "error", "error": {"type": "x", "code": code, "message": "canary message"}})
                .to_string();
        let server = Server::start([
            Answer::json(failed.to_string()),
            Answer::raw_events([started.as_str(), ended.as_str()]),
            Answer::raw_events([started.as_str(), sent.as_str()]),
            Answer::raw_events([started.as_str(), nested.as_str()]),
        ])
        .await;
        let model = model(&server);
        let error = complete(&model).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{code}: {error}");
        assert_eq!(error.provider_message(), Some("canary message"));
        assert!(!error.to_string().contains("canary message"));
        for _ in 0..3 {
            let deltas: Vec<_> = model.stream(agno_tests::hello()).collect().await;
            let (error, before) = deltas.split_last().unwrap();
            assert!(before.iter().all(Result::is_ok) && !before.is_empty());
            assert_eq!(error.as_ref().unwrap_err().kind(), kind, "{code}");
        }
    }
}

#[tokio::test]
async fn an_invalid_response_is_a_malformed_reply() {
    for (answer, part) in [
        (Answer::json(r#"{"choices":[]}"#), "a Responses API"),
        (Answer::json("7"), "does not match the Responses API"),
        (Answer::json("secret message"), "not JSON"),
        (Answer::json(r#"{"output":[{"type""#), "is truncated"),
        (Answer::new(200, "text/html", "<html>"), "text/html"),
    ] {
        let error = error_of(answer).await;
        assert_eq!(error.kind(), ModelErrorKind::MalformedReply);
        assert!(error.to_string().contains(part), "{error}");
    }
    let error = error_of(Answer::json(
        r#"{"error":{"message":"m","code":"insufficient_quota"}}"#,
    ))
    .await;
    assert_eq!(error.kind(), ModelErrorKind::QuotaExceeded);
}

#[tokio::test]
async fn no_output_contains_a_secret() {
    let echo = r#"{"error":{"message":"canary-prompt sk-canary","code":"sk-canary","type":"sk-canary"}}"#;
    let server = Server::start([
        Answer::error(400, echo),
        Answer::json(echo),
        Answer::json("canary-prompt"),
        Answer::json(r#"{"output":"canary-prompt"}"#),
        Answer::raw_events([r#"{"type":"error","message":"canary-prompt"}"#]),
        Answer::raw_events(["canary-prompt"]),
    ])
    .await;
    let builder = OpenAiResponses::builder("m")
        .api_key("sk-canary")
        .base_url(format!("{}/v1?key=canary-query", server.url))
        .header("x-secret", "canary-header")
        .settings(Settings::new());
    let mut output = format!("{builder:?} {builder:#?}");
    let model = builder.build().unwrap();
    output.push_str(&format!("{model:?} {model:#?}"));
    let prompt = [Message::user("canary-prompt")];
    for stream in [false, false, false, false, true, true] {
        let request = Request::new(&prompt).with_instructions("canary-prompt");
        let error = if stream {
            agno_tests::streamed(&model, request).await.unwrap_err()
        } else {
            model.complete(request).await.unwrap_err()
        };
        output.push_str(&format!("{error} {error:?} {error:#?}"));
        assert!(!error.provider_message().unwrap_or_default().contains("sk-canary"));
    }
    assert!(!output.contains("canary"), "{output}");
}

#[test]
fn an_invalid_configuration_is_reported_by_the_builder() {
    let error = OpenAiResponses::builder(" ").api_key("k").build().unwrap_err();
    assert!(error.to_string().contains("name is empty"), "{error}");
    let error = OpenAiResponses::builder("m")
        .api_key("k")
        .base_url("ftp://x")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Configuration);
}
