//! What the mock breaks on purpose: refusals with and without a time to wait, silence, streams that end early.
//!
//! No test leaves a fault behind that nobody tried again: the mock judges its clients, and `scripts/interop/run.py` fails
//! when it has found a mistake, such as a `Retry-After` that was not waited for or half an answer taken for a whole one.

use std::time::Duration;

use agno::model::layer::{RetryLayer, TimeoutLayer};
use agno::model::{ModelErrorKind, Reply};
use agno::prelude::*;
use agno::{Model, ModelError};
use agno_tests::{hello, streamed};
use serde_json::{Value, json};

use crate::Mock;

/// Patience that a test can wait for.
fn patient() -> RetryLayer {
    RetryLayer::new()
        .with_max_retries(3)
        .with_initial_backoff(Duration::from_millis(20))
        .with_stream_retries()
}

async fn ask<M: Model>(model: &M, streams: bool) -> Result<Reply, ModelError> {
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
async fn a_rate_limit_is_waited_for_as_long_as_the_server_asks() {
    let mock = Mock::scripted();
    for streams in [false, true] {
        let mock = &mock;
        let asked = mock
            .models(&format!("limited-{streams}"))
            .map(|(api, name, model)| async move {
                let limit = json!({"type": "fail", "status": 429, "retry_after": 1, "times": 1});
                mock.script(&name, [limit.clone(), reply("There you are.")]).await;
                // The mock judges whether the wait was long enough.
                let reply = ask(&model.clone().retry(patient()), streams)
                    .await
                    .unwrap_or_else(|error| panic!("{api}: {error}"));
                assert_eq!(reply.message.text(), "There you are.", "{api}");

                // Without patience the caller is told how long to wait, and does.
                mock.script(&name, [limit]).await;
                let error = ask(&model, streams).await.unwrap_err();
                assert_eq!(error.kind(), ModelErrorKind::RateLimited, "{api}: {error}");
                assert_eq!(error.status(), Some(429), "{api}");
                let wait = error
                    .retry_after()
                    .unwrap_or_else(|| panic!("{api}: no time to wait"));
                assert!((900..=1100).contains(&wait.as_millis()), "{api}: {wait:?}");
                tokio::time::sleep(wait).await;
                ask(&model, streams).await.unwrap();
            });
        futures_util::future::join_all(asked).await;
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_server_that_fails_is_asked_again() {
    let mock = Mock::scripted();
    let mock = &mock;
    let mut asked = Vec::new();
    for status in [500, 502, 503, 529] {
        for streams in [false, true] {
            asked.extend(mock.models(&format!("fails-{status}-{streams}")).map(
                |(api, name, model)| async move {
                    let fail = json!({"type": "fail", "status": status, "times": 2});
                    mock.script(&name, [fail, reply("Better.")]).await;
                    let error = ask(&model, streams).await.unwrap_err();
                    let told = (error.kind(), error.status());
                    assert_eq!(told, (ModelErrorKind::Overloaded, Some(status)), "{api}: {error}");
                    tokio::time::sleep(error.retry_after().unwrap_or_default()).await;
                    let reply = ask(&model.retry(patient()), streams)
                        .await
                        .unwrap_or_else(|error| panic!("{api}, {status}: {error}"));
                    assert_eq!(reply.message.text(), "Better.", "{api}");
                    name
                },
            ));
        }
    }
    let names = futures_util::future::join_all(asked).await;
    let asked = mock.asked().await;
    for name in names {
        assert_eq!(asked.iter().filter(|model| **model == name).count(), 3, "{name}");
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn what_cannot_succeed_is_asked_once_and_told_by_its_kind() {
    let mock = Mock::scripted();
    let mock = &mock;
    let mut asked = Vec::new();
    for (status, kind) in [
        (400, ModelErrorKind::BadRequest),
        (401, ModelErrorKind::Authentication),
        (403, ModelErrorKind::Authentication),
        (404, ModelErrorKind::NotFound),
        (422, ModelErrorKind::BadRequest),
    ] {
        for streams in [false, true] {
            asked.extend(mock.models(&format!("refused-{status}-{streams}")).map(
                |(api, name, model)| async move {
                    let message = format!("the mock's own words, {status}");
                    let refusal = json!({"type": "fail", "status": status, "message": message});
                    mock.script(&name, [refusal]).await;
                    let error = ask(&model.retry(patient()), streams).await.unwrap_err();
                    assert_eq!(
                        (error.kind(), error.status()),
                        (kind, Some(status)),
                        "{api}: {error}"
                    );
                    let words = error.provider_message().unwrap_or_default();
                    assert!(words.contains(&message), "{api}, {status}: {words:?}");
                    name
                },
            ));
        }
    }
    let names = futures_util::future::join_all(asked).await;
    let asked = mock.asked().await;
    for name in names {
        assert_eq!(asked.iter().filter(|model| **model == name).count(), 1, "{name}");
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_late_answer_is_given_up_in_time() {
    let mock = Mock::scripted();
    let soon = TimeoutLayer::new().with_total(Duration::from_millis(300));
    for streams in [false, true] {
        for (api, name, model) in mock.models(&format!("late-{streams}")) {
            mock.script(&name, [json!({"type": "delay", "seconds": 30.0})])
                .await;
            let error = ask(&model.clone().timeout(soon), streams).await.unwrap_err();
            assert_eq!(error.kind(), ModelErrorKind::Timeout, "{api}: {error}");
            ask(&model, streams).await.unwrap();
        }
    }
}

#[tokio::test]
#[ignore = "needs a mock of the providers; run `make interop`"]
async fn a_stream_that_begins_late_or_falls_silent_is_given_up_in_time() {
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
async fn half_an_answer_is_never_taken_for_a_whole_one() {
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
                        "{api}, {fault} after {after}: taken for {:?}",
                        reply.message.text()
                    ),
                    Err(error) => error,
                };
                assert!(
                    kinds.contains(&error.kind()),
                    "{api}, {fault} after {after}: {error:?}"
                );
                let whole = streamed(&model, hello()).await.unwrap();
                assert_eq!(whole.message.text(), text, "{api}");

                if fault == "malformed" {
                    continue;
                }
                mock.script(
                    &name,
                    [broken, json!({"type": "reply", "text": text, "times": 2})],
                )
                .await;
                let again = streamed(&patiently(model), hello())
                    .await
                    .unwrap_or_else(|error| panic!("{api}, {fault} after {after}: {error}"));
                assert_eq!(again.message.text(), text, "{api}, {fault} after {after}");
            }
        }
    }
}

fn patiently(model: AnyModel) -> impl Model {
    model.retry(patient())
}
