//! Faults injected by the mock: errors with and without `Retry-After`, delays, and streams that stall, break or end early.
//!
//! The mock also checks its clients: `scripts/interop/run.py` fails if the mock reports an error, such as an ignored
//! `Retry-After` or a partial reply that was accepted as complete. Every test therefore retries after a transient fault.

use std::time::Duration;

use agno::model::layer::{RetryLayer, TimeoutLayer};
use agno::model::{ModelErrorKind, Reply};
use agno::prelude::*;
use agno::{Model, ModelError};
use agno_tests::{hello, streamed};
use serde_json::{Value, json};

use crate::Mock;

/// Returns a retry layer with delays short enough for a test.
fn short_retries() -> RetryLayer {
    RetryLayer::new()
        .with_max_retries(3)
        .with_initial_backoff(Duration::from_millis(20))
        .with_stream_retries()
}

async fn send<M: Model>(model: &M, streams: bool) -> Result<Reply, ModelError> {
    if streams {
        streamed(model, hello()).await
    } else {
        model.complete(hello()).await
    }
}

fn reply(text: &str) -> Value {
    json!({"type": "reply", "text": text})
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_rate_limited_request_is_retried_after_the_requested_delay() {
    let mock = Mock::scripted();
    for streams in [false, true] {
        let mock = &mock;
        let runs = mock
            .models(&format!("limited-{streams}"))
            .map(|(api, name, model)| async move {
                let limit = json!({"type": "fail", "status": 429, "retry_after": 1, "times": 1});
                mock.script(&name, [limit.clone(), reply("There you are.")]).await;
                // The mock checks that the delay was long enough.
                let reply = send(&model.clone().retry(short_retries()), streams)
                    .await
                    .unwrap_or_else(|error| panic!("{api}: {error}"));
                assert_eq!(reply.message.text(), "There you are.", "{api}");

                // Without retries, the error contains the delay, and the test waits for it before the next request.
                mock.script(&name, [limit]).await;
                let error = send(&model, streams).await.unwrap_err();
                assert_eq!(error.kind(), ModelErrorKind::RateLimited, "{api}: {error}");
                assert_eq!(error.status(), Some(429), "{api}");
                let wait = error
                    .retry_after()
                    .unwrap_or_else(|| panic!("{api}: no retry delay"));
                assert!((900..=1100).contains(&wait.as_millis()), "{api}: {wait:?}");
                tokio::time::sleep(wait).await;
                send(&model, streams).await.unwrap();
            });
        futures_util::future::join_all(runs).await;
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_request_to_a_failing_server_is_retried() {
    let mock = Mock::scripted();
    let mock = &mock;
    let mut runs = Vec::new();
    for status in [500, 502, 503, 529] {
        for streams in [false, true] {
            runs.extend(mock.models(&format!("fails-{status}-{streams}")).map(
                |(api, name, model)| async move {
                    let fail = json!({"type": "fail", "status": status, "times": 2});
                    mock.script(&name, [fail, reply("Better.")]).await;
                    let error = send(&model, streams).await.unwrap_err();
                    let found = (error.kind(), error.status());
                    assert_eq!(
                        found,
                        (ModelErrorKind::Overloaded, Some(status)),
                        "{api}: {error}"
                    );
                    tokio::time::sleep(error.retry_after().unwrap_or_default()).await;
                    let reply = send(&model.retry(short_retries()), streams)
                        .await
                        .unwrap_or_else(|error| panic!("{api}, {status}: {error}"));
                    assert_eq!(reply.message.text(), "Better.", "{api}");
                    name
                },
            ));
        }
    }
    let names = futures_util::future::join_all(runs).await;
    let requests = mock.requests().await;
    for name in names {
        assert_eq!(
            requests.iter().filter(|model| **model == name).count(),
            3,
            "{name}"
        );
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_permanent_error_is_not_retried_and_has_the_correct_kind() {
    let mock = Mock::scripted();
    let mock = &mock;
    let mut runs = Vec::new();
    for (status, kind) in [
        (400, ModelErrorKind::BadRequest),
        (401, ModelErrorKind::Authentication),
        (403, ModelErrorKind::Authentication),
        (404, ModelErrorKind::NotFound),
        (422, ModelErrorKind::BadRequest),
    ] {
        for streams in [false, true] {
            runs.extend(mock.models(&format!("rejected-{status}-{streams}")).map(
                |(api, name, model)| async move {
                    let message = format!("message from the mock, {status}");
                    let rejection = json!({"type": "fail", "status": status, "message": message});
                    mock.script(&name, [rejection]).await;
                    let error = send(&model.retry(short_retries()), streams).await.unwrap_err();
                    assert_eq!(
                        (error.kind(), error.status()),
                        (kind, Some(status)),
                        "{api}: {error}"
                    );
                    let found = error.provider_message().unwrap_or_default();
                    assert!(found.contains(&message), "{api}, {status}: {found:?}");
                    name
                },
            ));
        }
    }
    let names = futures_util::future::join_all(runs).await;
    let requests = mock.requests().await;
    for name in names {
        assert_eq!(
            requests.iter().filter(|model| **model == name).count(),
            1,
            "{name}"
        );
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_late_reply_times_out() {
    let mock = Mock::scripted();
    let soon = TimeoutLayer::new().with_total(Duration::from_millis(300));
    for streams in [false, true] {
        for (api, name, model) in mock.models(&format!("late-{streams}")) {
            mock.script(&name, [json!({"type": "delay", "seconds": 30.0})])
                .await;
            let error = send(&model.clone().timeout(soon), streams).await.unwrap_err();
            assert_eq!(error.kind(), ModelErrorKind::Timeout, "{api}: {error}");
            send(&model, streams).await.unwrap();
        }
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_stream_that_starts_late_or_stalls_times_out() {
    let mock = Mock::scripted();
    let short = Duration::from_millis(300);
    for (fault, timeouts) in [
        (
            json!({"type": "slow_first_token", "seconds": 30.0}),
            TimeoutLayer::new().with_first_token(short),
        ),
        (
            json!({"type": "stream_fault", "kind": "stall", "after_chunks": 3, "stall_seconds": 30.0}),
            TimeoutLayer::new().with_between_tokens(short),
        ),
    ] {
        let kind = fault["type"].as_str().unwrap().to_owned();
        for (api, name, model) in mock.models(&kind) {
            mock.script(&name, [fault.clone()]).await;
            let error = streamed(&model.clone().timeout(timeouts), hello())
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ModelErrorKind::Timeout, "{api}, {kind}: {error}");
            streamed(&model, hello()).await.unwrap();
        }
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_partial_reply_is_never_accepted_as_complete() {
    let mock = Mock::scripted();
    let text = "one two three four five six seven eight nine ten";
    for (fault, kinds) in [
        ("truncate", &[ModelErrorKind::Truncated][..]),
        (
            "disconnect",
            &[ModelErrorKind::Network, ModelErrorKind::Truncated],
        ),
        ("malformed", &[ModelErrorKind::MalformedReply]),
    ] {
        for after in [0, 1, 2, 4] {
            for (api, name, model) in mock.models(&format!("{fault}-{after}")) {
                let broken = json!({"type": "stream_fault", "kind": fault, "after_chunks": after});
                mock.script(&name, [broken.clone(), reply(text), reply(text)])
                    .await;
                let error = match streamed(&model, hello()).await {
                    Ok(reply) => panic!(
                        "{api}, {fault} after {after}: accepted as {:?}",
                        reply.message.text()
                    ),
                    Err(error) => error,
                };
                assert!(
                    kinds.contains(&error.kind()),
                    "{api}, {fault} after {after}: {error:?}"
                );
                let complete = streamed(&model, hello()).await.unwrap();
                assert_eq!(complete.message.text(), text, "{api}");

                if fault == "malformed" {
                    continue;
                }
                mock.script(
                    &name,
                    [broken, json!({"type": "reply", "text": text, "times": 2})],
                )
                .await;
                let retried = streamed(&with_short_retries(model), hello())
                    .await
                    .unwrap_or_else(|error| panic!("{api}, {fault} after {after}: {error}"));
                assert_eq!(retried.message.text(), text, "{api}, {fault} after {after}");
            }
        }
    }
}

fn with_short_retries(model: AnyModel) -> impl Model {
    model.retry(short_retries())
}
