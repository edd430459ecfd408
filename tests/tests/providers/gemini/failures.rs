//! Errors and their kinds.

use std::time::Duration;

use agno::ModelErrorKind;
use agno::model::Model;
use serde_json::json;

use super::{model, streamed};
use agno_tests::hello;
use agno_tests::server::{Answer, Server};

#[tokio::test]
async fn a_truncated_or_failed_stream_is_an_error() {
    let half = r#"{"candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}"#;
    let error = streamed(&[half]).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Truncated);
    let failure = r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#;
    let error = streamed(&[half, failure]).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ModelErrorKind::Overloaded, Some(503))
    );
    let error = streamed(&[half, &format!("[{failure}]")]).await.unwrap_err();
    assert_eq!(error.kind(), ModelErrorKind::Overloaded);
}

#[tokio::test]
async fn errors_have_the_correct_kind() {
    let failure = |code: u16, status: &str, message: &str| {
        let body = json!({"error": {"code": code, "message": message, "status": status, "details": [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": []},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2.5s"},
        ]}});
        Answer::error(code, &body.to_string())
    };
    for (code, status, message, kind) in [
        (
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            ModelErrorKind::Authentication,
        ),
        (
            400,
            "INVALID_ARGUMENT",
            "Unknown name \"x\"",
            ModelErrorKind::BadRequest,
        ),
        (
            400,
            "INVALID_ARGUMENT",
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            ModelErrorKind::ContextTooLong,
        ),
        (
            401,
            "UNAUTHENTICATED",
            "a message",
            ModelErrorKind::Authentication,
        ),
        (
            403,
            "PERMISSION_DENIED",
            "a message",
            ModelErrorKind::Authentication,
        ),
        (404, "NOT_FOUND", "a message", ModelErrorKind::NotFound),
        (
            429,
            "RESOURCE_EXHAUSTED",
            "slow down",
            ModelErrorKind::RateLimited,
        ),
        (500, "INTERNAL", "a message", ModelErrorKind::Overloaded),
        (503, "UNAVAILABLE", "busy", ModelErrorKind::Overloaded),
    ] {
        let server = Server::start([failure(code, status, message)]).await;
        let error = model(&server, "gemini-3-flash")
            .complete(hello())
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(code)), "{message}");
        assert_eq!(error.retry_after(), Some(Duration::from_millis(2500)));
        assert!(!error.to_string().contains(message));
    }
}
