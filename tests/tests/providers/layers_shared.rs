//! Layers that many callers share, with timeouts, cancelled requests and extreme values.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use agno::model::layer::{CircuitBreakerLayer, ModelHooks, RateLimitLayer, RetryLayer, TimeoutLayer};
use agno::model::scripted::Turn;
use agno::model::{
    Delta, FinishReason, FunctionModel, Model, ModelError, ModelExt, ModelId, Reply, Request, ScriptedModel,
    Usage,
};
use agno::{Message, ModelErrorKind as Kind};
use agno_tests::server::{Answer, Server};
use agno_tests::{hello, streamed};
use futures_util::StreamExt;
use tokio::time::{Instant, timeout};

use crate::layers::{Log, counting};

const SECOND: Duration = Duration::from_secs(1);

fn failing(kind: Kind, retry_after: Option<Duration>) -> impl Model {
    FunctionModel::new(move |_: &Request<'_>| {
        Err::<Reply, _>(ModelError::new(kind, "failed").with_retry_after(retry_after))
    })
}

#[tokio::test(start_paused = true)]
async fn layers_inside_a_timeout_observe_it() {
    let (log, breaker) = (Arc::new(Log::default()), CircuitBreakerLayer::new(2, 60 * SECOND));
    let script = ScriptedModel::new().turn(Turn::hang()).turn(Turn::hang());
    let model = script
        .hooks(Arc::clone(&log))
        .circuit_breaker(breaker.clone())
        .timeout(TimeoutLayer::new().with_total(SECOND));
    assert_eq!(model.complete(hello()).await.unwrap_err().kind(), Kind::Timeout);
    assert!(!breaker.is_open());
    assert_eq!(streamed(&model, hello()).await.unwrap_err().kind(), Kind::Timeout);
    assert!(breaker.is_open());
    assert_eq!(
        log.text(),
        "request scripted 1, error timeout, request scripted 1, error timeout"
    );
}

#[tokio::test(start_paused = true)]
async fn hooks_observe_cancelled_requests_and_a_breaker_does_not_count_them() {
    let (log, breaker) = (Arc::new(Log::default()), CircuitBreakerLayer::new(1, 60 * SECOND));
    let script = ScriptedModel::new()
        .turn(Turn::hang())
        .turn(Turn::reply(Reply::text("one two three")))
        .reply("ok");
    let model = script
        .hooks(Arc::clone(&log))
        .circuit_breaker(breaker.clone())
        .erase();
    assert!(timeout(SECOND, model.complete(hello())).await.is_err());
    {
        let mut deltas = pin!(model.stream(hello()));
        deltas.next().await.unwrap().unwrap();
    }
    assert!(!breaker.is_open());
    // Dropping a stream after its last delta is not a cancellation.
    {
        let mut deltas = pin!(model.stream(hello()));
        while !matches!(deltas.next().await, Some(Ok(Delta::Finish(_)))) {}
    }
    assert_eq!(
        log.text(),
        "request scripted 1, cancel, request scripted 1, cancel, request scripted 1, reply ok"
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_cancelled_trial_the_next_request_is_the_trial() {
    let script = ScriptedModel::new()
        .fault(Kind::Overloaded)
        .turn(Turn::hang())
        .fault(Kind::Unsupported)
        .reply("back");
    let breaker = CircuitBreakerLayer::new(1, 60 * SECOND);
    let model = script.circuit_breaker(breaker.clone());
    model.complete(hello()).await.unwrap_err();
    tokio::time::advance(61 * SECOND).await;
    assert!(timeout(SECOND, model.complete(hello())).await.is_err());
    // An error that is unrelated to the provider's health does not end the trial either.
    assert_eq!(
        model.complete(hello()).await.unwrap_err().kind(),
        Kind::Unsupported
    );
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "back");
}

#[tokio::test(start_paused = true)]
async fn the_breaker_counts_a_truncated_stream_as_a_failure() {
    let breaker = CircuitBreakerLayer::new(1, SECOND);
    let cut = Turn::stream([Delta::Text("Hel".into())]);
    let model = ScriptedModel::new().turn(cut).circuit_breaker(breaker.clone());
    streamed(&model, hello()).await.unwrap_err();
    assert!(breaker.is_open());
}

#[tokio::test(start_paused = true)]
async fn the_longest_durations_do_not_overflow() {
    let breaker = CircuitBreakerLayer::new(1, Duration::MAX);
    let model = failing(Kind::Overloaded, None).circuit_breaker(breaker.clone());
    model.complete(hello()).await.unwrap_err();
    tokio::time::advance(1_000_000 * SECOND).await;
    assert!(breaker.is_open());
    let error = model.complete(hello()).await.unwrap_err();
    assert_eq!(error.retry_after(), None);
    assert!(
        error.to_string().contains("until the program restarts"),
        "{error}"
    );

    for retry in [
        RetryLayer::new(),
        RetryLayer::new().with_max_elapsed(Duration::MAX),
    ] {
        let model = failing(Kind::Overloaded, Some(Duration::MAX)).retry(retry);
        tokio::time::advance(SECOND).await;
        let error = model.complete(hello()).await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::MAX));
    }
    // An endless backoff must not cause a panic.
    let endless = RetryLayer::new()
        .with_initial_backoff(Duration::MAX)
        .with_max_backoff(Duration::MAX)
        .with_max_elapsed(Duration::MAX);
    for _ in 0..20 {
        let model = failing(Kind::Overloaded, None).retry(endless.clone());
        let _ = timeout(SECOND, model.complete(hello())).await;
    }
    let limits = TimeoutLayer::new()
        .with_total(Duration::MAX)
        .with_first_token(Duration::MAX);
    let (model, _) = counting(SECOND);
    streamed(&model.timeout(limits), hello()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stream_releases_its_permit_at_its_last_delta() {
    let (model, _) = counting(Duration::ZERO);
    let model = model.concurrency_limit(1);
    let mut deltas = pin!(model.stream(hello()));
    while !matches!(deltas.next().await, Some(Ok(Delta::Finish(_)))) {}
    // The stream is neither polled to its end nor dropped.
    timeout(SECOND, model.complete(hello())).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_request_cancelled_while_it_waits_for_tokens_is_not_counted() {
    let layer = RateLimitLayer::new()
        .with_requests_per_minute(3)
        .with_tokens_per_minute(60);
    let (model, _) = counting(Duration::ZERO);
    let model = model.rate_limit(layer);
    let long = [Message::user("x".repeat(240))];
    model.complete(Request::new(&long)).await.unwrap();
    for _ in 0..2 {
        let waiting = model.complete(Request::new(&long));
        assert!(timeout(SECOND, waiting).await.is_err());
    }
    let started = Instant::now();
    model.complete(hello()).await.unwrap();
    model.complete(hello()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn failed_requests_return_their_tokens() {
    let long = [Message::user("x".repeat(240))];
    let layer = || RateLimitLayer::new().with_tokens_per_minute(60);
    let elapsed = async |kind| {
        let (model, started) = (failing(kind, None).rate_limit(layer()), Instant::now());
        model.complete(Request::new(&long)).await.unwrap_err();
        streamed(&model, Request::new(&long)).await.unwrap_err();
        model.complete(Request::new(&long)).await.unwrap_err();
        started.elapsed()
    };
    assert_eq!(elapsed(Kind::Network).await, Duration::ZERO);
    assert_eq!(elapsed(Kind::RateLimited).await, Duration::ZERO);
    // A truncated reply does not return its tokens, because the model may have used them.
    assert_eq!(elapsed(Kind::Truncated).await, 120 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn an_impossible_usage_does_not_block_a_rate_limit_forever() {
    let lying =
        FunctionModel::new(|_: &Request<'_>| Ok(Reply::text("a").with_usage(Usage::new(u64::MAX, u64::MAX))));
    let model = lying.rate_limit(RateLimitLayer::new().with_tokens_per_minute(1));
    let started = Instant::now();
    model.complete(hello()).await.unwrap();
    streamed(&model, hello()).await.unwrap();
    assert!(started.elapsed() < 3600 * SECOND, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_malformed_reply_from_a_proxy_causes_a_retry_or_a_fallback() {
    let page = || Answer::new(200, "text/html", "<html>busy</html>");
    let good = Answer::json(r#"{"choices":[{"message":{"content":"ok"},"finish_reason":"stop"}]}"#);
    let server = Server::start([page(), Answer::json("{"), good]).await;
    let retry = RetryLayer::new().with_initial_backoff(Duration::ZERO);
    let model = server.model().retry(retry);
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "ok");

    let server = Server::start([page()]).await;
    let model = server.model().fallback(ScriptedModel::new().reply("spare"));
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "spare");
}

#[tokio::test(start_paused = true)]
async fn the_time_that_the_reader_takes_does_not_count_toward_the_total_timeout() {
    let words = ["a", "b", "c"].map(|word| Delta::Text(word.into()));
    let turn = Turn::stream(words.into_iter().chain([Delta::Finish(FinishReason::Stop)]));
    let layer = TimeoutLayer::new().with_total(Duration::from_secs(1));
    let model = ScriptedModel::new().turn(turn).timeout(layer);
    let conversation = [Message::user("Hi")];
    let mut deltas = pin!(model.stream(Request::new(&conversation)));
    while let Some(delta) = deltas.next().await {
        delta.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

/// Panics after each reply or error.
struct Faulty;

impl ModelHooks for Faulty {
    fn on_reply(&self, _: ModelId<'_>, _: &Request<'_>, _: &Reply, _: Duration) {
        panic!("secret detail");
    }

    fn on_error(&self, _: ModelId<'_>, _: &Request<'_>, _: &ModelError, _: Duration) {
        panic!("secret detail");
    }
}

/// Panics before each request.
struct Guard;

impl ModelHooks for Guard {
    fn on_request(&self, _: ModelId<'_>, _: &Request<'_>) -> Result<(), ModelError> {
        panic!("secret detail");
    }
}

#[tokio::test]
async fn panics_in_hooks_do_not_change_the_outcome_and_a_panicking_guard_rejects_the_request() {
    agno_tests::quiet_tool_panics();
    let conversation = [Message::user("Hi")];
    let model = ScriptedModel::new()
        .reply("Hello.")
        .fault(Kind::Overloaded)
        .hooks(Faulty);
    let reply = model.complete(Request::new(&conversation)).await.unwrap();
    assert_eq!(reply.message.text(), "Hello.");
    let error = model.complete(Request::new(&conversation)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Overloaded);

    let script = ScriptedModel::new();
    let guarded = script.clone().hooks(Guard);
    let error = guarded.complete(Request::new(&conversation)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Configuration);
    assert!(
        script.requests().is_empty() && !error.to_string().contains("secret"),
        "{error}"
    );
}
