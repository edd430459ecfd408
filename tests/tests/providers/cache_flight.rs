//! Concurrent identical requests to a cached model: only one is sent, and no caller can block the others.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use agno::ModelErrorKind as Kind;
use agno::model::layer::{CacheLayer, CircuitBreakerLayer, RateLimitLayer};
use agno::model::scripted::Turn;
use agno::model::{Delta, FunctionModel, Model, ModelError, ModelExt, Reply, Request, ScriptedModel, Usage};
use agno_tests::{hello, streamed};
use futures_util::future::join_all;
use futures_util::{FutureExt, StreamExt};
use tokio::time::{Instant, timeout};

use crate::layers::{Delayed, Log, counting};

const SECOND: Duration = Duration::from_secs(1);

fn cache() -> CacheLayer {
    CacheLayer::in_memory(1 << 20)
}

#[tokio::test(start_paused = true)]
async fn layers_inside_a_cache_observe_the_end_of_a_stream() {
    let log = Arc::new(Log::default());
    let breaker = CircuitBreakerLayer::new(3, SECOND);
    let script = ScriptedModel::new()
        .fault(Kind::Overloaded)
        .fault(Kind::Overloaded)
        .call("weather", "{}")
        .fault(Kind::Overloaded);
    let model = script
        .hooks(Arc::clone(&log))
        .circuit_breaker(breaker.clone())
        .cache(cache());
    for is_ok in [false, false, true, false] {
        assert_eq!(streamed(&model, hello()).await.is_ok(), is_ok);
    }
    // At most two failures are consecutive.
    assert!(!breaker.is_open());
    assert_eq!(log.text().matches("reply").count(), 1, "{}", log.text());

    // Each reply costs 30 tokens instead of the estimated fraction of a token, so the third request has to wait.
    let limit = RateLimitLayer::new().with_tokens_per_minute(60);
    let (model, _) = counting(Duration::ZERO);
    let (model, started) = (model.rate_limit(limit).cache(cache()), Instant::now());
    for text in ["a", "b", "c"] {
        let messages = [agno::Message::user(text)];
        streamed(&model, Request::new(&messages)).await.unwrap();
    }
    assert!(started.elapsed() > Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stops_reading_does_not_block_identical_requests() {
    let (model, count) = counting(Duration::ZERO);
    let model = model.cache(cache());
    let mut abandoned = pin!(model.stream(hello()));
    assert!(abandoned.next().await.unwrap().is_ok());
    let others = join_all((0..20).map(|_| model.complete(hello())));
    for reply in timeout(5 * SECOND, others).await.unwrap() {
        assert_eq!(reply.unwrap().message.text(), "2");
    }
    // Only one of the others takes over.
    assert_eq!(count.load(Ordering::SeqCst), 2);
    // The first stream still works.
    while let Some(delta) = abandoned.next().await {
        delta.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_stream_does_not_affect_requests_that_took_over() {
    let model = ScriptedModel::new()
        .turn(Turn::broken_stream([Delta::Text("Hel".into())], Kind::Network))
        .turn(Turn::reply(Reply::text("Hello")).with_delay(10 * SECOND))
        .cache(cache());
    let mut first = pin!(model.stream(hello()));
    first.next().await.unwrap().unwrap();
    let resume = async {
        tokio::time::sleep(5 * SECOND).await;
        first.next().await.unwrap().unwrap_err();
    };
    let (second, third, ()) = tokio::join!(model.complete(hello()), model.complete(hello()), resume);
    assert_eq!(second.unwrap().message.text(), "Hello");
    assert_eq!(third.unwrap().message.text(), "Hello");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_on_many_threads_are_answered_even_if_others_are_cancelled() {
    let fickle = FunctionModel::new(|request: &Request<'_>| match request.messages.len() % 3 {
        0 => Err(ModelError::new(Kind::Overloaded, "busy")),
        1 => Ok(Reply::call("1", "weather", "{}")),
        _ => Ok(Reply::text("ok")),
    });
    let model = Delayed(fickle, Duration::from_millis(1)).cache(cache()).erase();
    let tasks = (0..3000_usize).map(|number| {
        let model = model.clone();
        let task = tokio::spawn(async move {
            let messages = vec![agno::Message::user("Hello"); 1 + number % 9];
            let request = Request::new(&messages[..]);
            let reply = match number % 2 {
                0 => model.complete(request).await,
                _ => streamed(&model, request).await,
            };
            assert_eq!(reply.is_err(), messages.len().is_multiple_of(3));
        });
        if number % 5 == 0 {
            task.abort();
        }
        task
    });
    for task in tasks.collect::<Vec<_>>() {
        if let Err(error) = task.await {
            assert!(error.is_cancelled(), "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_no_longer_polled_does_not_block_identical_requests() {
    let (model, _) = counting(SECOND);
    let model = model.cache(cache());
    let mut abandoned = Box::pin(model.complete(hello()));
    assert!((&mut abandoned).now_or_never().is_none());
    let other = timeout(10 * SECOND, model.complete(hello())).await;
    assert_eq!(other.unwrap().unwrap().message.text(), "1");
}

#[tokio::test(start_paused = true)]
async fn a_slow_reply_is_requested_once() {
    let (model, count) = counting(600 * SECOND);
    let (model, started) = (model.cache(cache()), Instant::now());
    let (complete, streams) = tokio::join!(
        join_all((0..20).map(|_| model.complete(hello()))),
        join_all((0..20).map(|_| streamed(&model, hello())))
    );
    assert!(complete.into_iter().chain(streams).all(|reply| reply.is_ok()));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(started.elapsed(), 600 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn waiting_requests_share_a_failure() {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let failing = FunctionModel::new(move |_: &Request<'_>| {
        counted.fetch_add(1, Ordering::SeqCst);
        let error = ModelError::new(Kind::RateLimited, "too fast; wait")
            .with_status(429)
            .with_provider_message("slow down")
            .with_retry_after(Some(7 * SECOND))
            .with_source(ModelError::new(Kind::Network, "below").with_source("at the bottom"));
        Err::<Reply, _>(error)
    });
    let (model, started) = (Delayed(failing, SECOND / 5).cache(cache()), Instant::now());
    let (complete, streams) = tokio::join!(
        join_all((0..25).map(|_| model.complete(hello()))),
        join_all((0..25).map(|_| streamed(&model, hello())))
    );
    assert_eq!(started.elapsed(), SECOND / 5);
    assert_eq!(count.load(Ordering::SeqCst), 1);
    for reply in complete.into_iter().chain(streams) {
        let error = reply.unwrap_err();
        assert_eq!(
            (error.kind(), error.status(), error.retry_after()),
            (Kind::RateLimited, Some(429), Some(7 * SECOND))
        );
        assert_eq!(error.to_string(), "too fast; wait");
        assert_eq!(error.provider_message(), Some("slow down"));
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.starts_with("below"), "{source}");
    }
    // Failures are not cached.
    model.complete(hello()).await.unwrap_err();
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_model_reaches_only_its_own_caller() {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let fragile = FunctionModel::new(move |_: &Request<'_>| {
        assert!(
            counted.fetch_add(1, Ordering::SeqCst) > 0,
            "the first request panics"
        );
        Ok(Reply::text("ok"))
    });
    let model = Delayed(fragile, SECOND).cache(cache());
    let ask = || std::panic::AssertUnwindSafe(model.complete(hello())).catch_unwind();
    let (first, second) = tokio::join!(ask(), ask());
    assert!(first.is_err());
    assert_eq!(second.unwrap().unwrap().message.text(), "ok");
}

#[tokio::test(start_paused = true)]
async fn a_cached_reply_reports_no_usage() {
    let (model, _) = counting(SECOND);
    let limit = RateLimitLayer::new().with_tokens_per_minute(60);
    let model = model.cache(cache()).rate_limit(limit);
    let first = model.complete(hello()).await.unwrap();
    assert!(!first.is_cached());
    assert_eq!(first.usage, Usage::new(10, 20));
    let started = Instant::now();
    for _ in 0..50 {
        let complete = model.complete(hello()).await.unwrap();
        let stream = streamed(&model, hello()).await.unwrap();
        assert_eq!(complete, stream);
        assert!(complete.is_cached());
        assert_eq!(complete.usage, Usage::default());
        assert_eq!(complete.details.unwrap().original_usage, Some(Usage::new(10, 20)));
    }
    // For a cached reply, the rate limiter releases the tokens that it reserved.
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn a_stream_that_ends_early_is_not_cached() {
    let early = || Turn::stream([Delta::Text("Hel".into())]);
    let model = ScriptedModel::new().turn(early()).reply("Hello").cache(cache());
    assert_eq!(
        streamed(&model, hello()).await.unwrap_err().kind(),
        Kind::Truncated
    );
    assert_eq!(streamed(&model, hello()).await.unwrap().message.text(), "Hello");
}
