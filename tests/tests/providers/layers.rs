//! Layers around a model: retries, fallbacks, timeouts, limits, circuit breakers and hooks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use agno::model::layer::{
    CircuitBreakerLayer, ModelHooks, RateLimitLayer, RetryBudget, RetryLayer, TimeoutLayer,
};
use agno::model::scripted::Turn;
use agno::model::{
    Delta, FinishReason, FunctionModel, Model, ModelExt, ModelId, Reply, Request, ScriptedModel, Usage,
};
use agno::{Declared, ModelError, ModelErrorKind as Kind};
use agno_tests::server::{Answer, Server};
use agno_tests::{deltas, hello, streamed};
use futures_util::future::join_all;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// A model that answers after a delay.
#[derive(Debug, Clone)]
pub(crate) struct Delayed<M>(pub(crate) M, pub(crate) Duration);

impl<M: Model> Model for Delayed<M> {
    type Dialect = M::Dialect;

    fn dialect(&self) -> M::Dialect {
        self.0.dialect()
    }

    fn id(&self) -> ModelId<'_> {
        self.0.id()
    }

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        tokio::time::sleep(self.1).await;
        self.0.complete(request).await
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        stream::once(tokio::time::sleep(self.1)).flat_map(move |()| Box::pin(self.0.stream(request)))
    }
}

/// Returns a model that answers each request with its number after a delay, and a counter of the requests.
pub(crate) fn counting(delay: Duration) -> (impl Model + Clone, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let model = FunctionModel::new(move |_: &Request<'_>| {
        let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(Reply::text(number.to_string()).with_usage(Usage::new(10, 20)))
    });
    (Delayed(Arc::new(model), delay), count)
}

#[tokio::test(start_paused = true)]
async fn a_temporary_failure_is_retried_with_increasing_delays() {
    for reply in [true, false] {
        let model = ScriptedModel::new()
            .fault(Kind::Overloaded)
            .fault(Kind::Network)
            .fault(Kind::Timeout)
            .reply("at last");
        let (model, started) = (model.retry(RetryLayer::new()), Instant::now());
        let reply = if reply {
            model.complete(hello()).await
        } else {
            streamed(&model, hello()).await
        };
        assert_eq!(reply.unwrap().message.text(), "at last");
        let elapsed = started.elapsed();
        assert!(
            elapsed >= Duration::from_millis(1750) && elapsed <= Duration::from_millis(3510),
            "{elapsed:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_permanent_failure_is_returned_immediately() {
    for kind in [
        Kind::Authentication,
        Kind::BadRequest,
        Kind::ContextTooLong,
        Kind::QuotaExceeded,
    ] {
        let (model, started) = (
            ScriptedModel::new().fault(kind).retry(RetryLayer::new()),
            Instant::now(),
        );
        assert_eq!(model.complete(hello()).await.unwrap_err().kind(), kind);
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn the_providers_delay_is_respected_up_to_the_limit() {
    let limited = |delay| Turn::fault(Kind::RateLimited).with_retry_after(delay);
    let model = ScriptedModel::new()
        .turn(limited(45 * SECOND))
        .reply("ok")
        .retry(RetryLayer::new());
    let started = Instant::now();
    model.complete(hello()).await.unwrap();
    assert_eq!(started.elapsed(), 45 * SECOND);

    let model = ScriptedModel::new()
        .turn(limited(45 * SECOND))
        .retry(RetryLayer::new().with_max_elapsed(30 * SECOND));
    let started = Instant::now();
    let error = model.complete(hello()).await.unwrap_err();
    assert_eq!(
        (error.retry_after(), started.elapsed()),
        (Some(45 * SECOND), Duration::ZERO)
    );
}

#[tokio::test(start_paused = true)]
async fn retries_are_limited_by_number_and_by_budget() {
    let failing =
        |times: usize| (0..times).fold(ScriptedModel::new(), |model, _| model.fault(Kind::Overloaded));
    let model = failing(3).retry(RetryLayer::new().with_max_retries(2));
    assert_eq!(
        model.complete(hello()).await.unwrap_err().kind(),
        Kind::Overloaded
    );

    // The first request uses the reserve of two retries. Each later request earns half a retry, so the third can retry
    // once.
    let budget = RetryBudget::new(0.5, 2);
    let model = failing(3 + 1 + 2).retry(RetryLayer::new().with_max_retries(2).with_budget(budget.clone()));
    for _ in 0..3 {
        model.complete(hello()).await.unwrap_err();
    }
    assert_eq!(budget.remaining(), 0);
}

fn truncated() -> Turn {
    Turn::broken_stream([Delta::Text("Hel".into())], Kind::Network)
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_not_retried_after_its_first_delta() {
    let model = ScriptedModel::new().turn(truncated()).retry(RetryLayer::new());
    assert_eq!(deltas(&model, hello()).await.unwrap_err().kind(), Kind::Network);
}

#[tokio::test(start_paused = true)]
async fn a_retried_stream_reports_its_restart() {
    let model = ScriptedModel::new()
        .turn(truncated())
        .reply("Hello")
        .retry(RetryLayer::new().with_stream_retries());
    let received = deltas(&model, hello()).await.unwrap();
    assert!(received.contains(&Delta::Restart));
    let mut builder = agno::model::ReplyBuilder::new();
    received.iter().for_each(|delta| builder.push(delta));
    assert_eq!(builder.finish().unwrap().message.text(), "Hello");
}

#[tokio::test]
async fn the_second_model_answers_if_the_first_fails() {
    for kind in [
        Kind::Overloaded,
        Kind::RateLimited,
        Kind::QuotaExceeded,
        Kind::ContextTooLong,
    ] {
        let model = ScriptedModel::new()
            .fault(kind)
            .fault(kind)
            .fallback(ScriptedModel::new().reply("a").reply("a"));
        let reply = model.complete(hello()).await.unwrap();
        assert_eq!(reply, streamed(&model, hello()).await.unwrap());
    }
    let model = ScriptedModel::new()
        .fault(Kind::BadRequest)
        .fallback(ScriptedModel::new());
    assert_eq!(
        model.complete(hello()).await.unwrap_err().kind(),
        Kind::BadRequest
    );
    let model = ScriptedModel::new()
        .turn(truncated())
        .fallback(ScriptedModel::new());
    assert_eq!(streamed(&model, hello()).await.unwrap_err().kind(), Kind::Network);
    let model = ScriptedModel::new()
        .fault(Kind::BadRequest)
        .fallback(ScriptedModel::new().reply("b"))
        .with_predicate(|_| true);
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "b");
}

#[tokio::test(start_paused = true)]
async fn deltas_of_a_reply_that_fails_before_its_text_are_discarded() {
    let failing = || {
        let started = Delta::Started {
            id: Some("first".into()),
            model: None,
        };
        Turn::broken_stream(
            [started, Delta::Provider("first".into()), Delta::Break],
            Kind::Overloaded,
        )
    };
    let model = ScriptedModel::new()
        .turn(failing())
        .fallback(ScriptedModel::new().reply("spare"));
    assert_eq!(streamed(&model, hello()).await.unwrap(), Reply::text("spare"));
    let model = ScriptedModel::new()
        .turn(failing())
        .reply("again")
        .retry(RetryLayer::new());
    assert_eq!(streamed(&model, hello()).await.unwrap(), Reply::text("again"));
}

#[tokio::test]
async fn the_usage_of_a_failed_reply_is_reported_before_the_error() {
    let cost = || Turn::broken_stream([Delta::Usage(Usage::new(7, 0))], Kind::BadRequest);
    let first_delta = async |model: &dyn Fn() -> agno::DynModel| {
        let model = model();
        let mut stream = std::pin::pin!(model.stream(hello()));
        let first = stream.next().await.unwrap().unwrap();
        assert!(stream.next().await.unwrap().is_err());
        first
    };
    let retried = first_delta(&|| ScriptedModel::new().turn(cost()).retry(RetryLayer::new()).erase()).await;
    let fallback = first_delta(&|| {
        ScriptedModel::new()
            .turn(cost())
            .fallback(ScriptedModel::new())
            .erase()
    })
    .await;
    assert_eq!(
        (retried, fallback),
        (Delta::Usage(Usage::new(7, 0)), Delta::Usage(Usage::new(7, 0)))
    );
}

#[tokio::test]
async fn each_model_of_a_fallback_receives_tools_in_its_own_dialect() {
    let done = r#"{"choices":[{"message":{"content":"ok"},"finish_reason":"stop"}]}"#;
    let server = Server::start([Answer::error(503, ""), Answer::json(done)]).await;
    let spare = ScriptedModel::new().reply("spare");
    let (assistant, _) = agno_tests::assistant();
    let agent = assistant.with(server.model().fallback(spare.clone()));
    assert_eq!(agent.run("Hello").await.unwrap().text(), "spare");
    let declared = &server.requests()[0].json()["tools"][0]["function"];
    assert!(declared["strict"].is_boolean(), "{declared}");
    let (_, declaration) = &spare.requests()[0].tools[0];
    assert!(!declaration.contains("strict"), "{declaration}");
}

#[tokio::test(start_paused = true)]
async fn slow_replies_time_out() {
    let slow = || {
        Delayed(
            FunctionModel::new(|_: &Request<'_>| Ok(Reply::text("late"))),
            10 * SECOND,
        )
    };
    let model = slow().timeout(TimeoutLayer::new().with_total(3 * SECOND));
    let error = model.complete(hello()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("3s to answer"), "{error}");
    assert_eq!(streamed(&model, hello()).await.unwrap_err().kind(), Kind::Timeout);

    let model = slow().timeout(TimeoutLayer::new().with_first_token(3 * SECOND));
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "late");
    let error = streamed(&model, hello()).await.unwrap_err();
    assert!(error.to_string().contains("to start its answer"), "{error}");

    // `Delta::Started` does not count as the first token.
    let started = Delta::Started {
        id: Some("1".into()),
        model: None,
    };
    let slow_text = Turn::stream([
        started,
        Delta::Text("late".into()),
        Delta::Finish(FinishReason::Stop),
    ])
    .with_pace(4 * SECOND);
    let model = ScriptedModel::new()
        .turn(slow_text)
        .timeout(TimeoutLayer::new().with_first_token(3 * SECOND));
    let error = streamed(&model, hello()).await.unwrap_err();
    assert!(error.to_string().contains("to start its answer"), "{error}");

    let slow_reply = Turn::reply(Reply::text("Hello there")).with_pace(2 * SECOND);
    let model = ScriptedModel::new()
        .turn(slow_reply)
        .timeout(TimeoutLayer::new().with_between_tokens(SECOND));
    let error = streamed(&model, hello()).await.unwrap_err();
    assert!(error.to_string().contains("to continue its answer"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn concurrent_requests_do_not_exceed_the_limit() {
    let (model, _) = counting(SECOND);
    let (model, started) = (model.concurrency_limit(2), Instant::now());
    join_all((0..3).map(|_| async { model.complete(hello()).await.unwrap() })).await;
    join_all((0..3).map(|_| async { streamed(&model, hello()).await.unwrap() })).await;
    assert_eq!(started.elapsed(), 4 * SECOND);
    // A cancelled request releases its permit.
    let cancelled = tokio::time::timeout(SECOND / 2, join_all((0..5).map(|_| model.complete(hello())))).await;
    assert!(cancelled.is_err());
    model.complete(hello()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn requests_and_tokens_do_not_exceed_their_rates() {
    let (model, _) = counting(Duration::ZERO);
    let limited = model
        .clone()
        .rate_limit(RateLimitLayer::new().with_requests_per_minute(60));
    let started = Instant::now();
    for _ in 0..60 {
        limited.complete(hello()).await.unwrap();
    }
    assert_eq!(started.elapsed(), Duration::ZERO);
    for _ in 0..5 {
        streamed(&limited, hello()).await.unwrap();
    }
    assert!(
        started.elapsed().abs_diff(5 * SECOND) < SECOND / 10,
        "{:?}",
        started.elapsed()
    );

    // Each reply uses 30 tokens; the estimate for each request is about one token.
    let limited = model.rate_limit(RateLimitLayer::new().with_tokens_per_minute(60));
    let started = Instant::now();
    for _ in 0..4 {
        limited.complete(hello()).await.unwrap();
    }
    assert!(
        started.elapsed().abs_diff(31 * SECOND) < 2 * SECOND,
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_failing_provider_receives_no_requests_while_the_breaker_is_open() {
    let script = ScriptedModel::new()
        .fault(Kind::Overloaded)
        .fault(Kind::Network)
        .fault(Kind::Overloaded)
        .reply("back")
        .reply("again");
    let breaker = CircuitBreakerLayer::new(2, 30 * SECOND);
    let model = script.circuit_breaker(breaker.clone());
    model.complete(hello()).await.unwrap_err();
    assert!(!breaker.is_open());
    streamed(&model, hello()).await.unwrap_err();
    assert!(breaker.is_open());
    let error = model.complete(hello()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after()),
        (Kind::Overloaded, Some(30 * SECOND))
    );
    // One request is allowed, fails, and opens the breaker again.
    tokio::time::advance(31 * SECOND).await;
    model.complete(hello()).await.unwrap_err();
    assert!(breaker.is_open());
    tokio::time::advance(31 * SECOND).await;
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "back");
    assert_eq!(streamed(&model, hello()).await.unwrap().message.text(), "again");
}

#[tokio::test]
async fn an_invalid_request_does_not_open_the_breaker() {
    let script = ScriptedModel::new()
        .fault(Kind::BadRequest)
        .fault(Kind::BadRequest)
        .reply("fine");
    let model = script.circuit_breaker(CircuitBreakerLayer::new(1, SECOND));
    model.complete(hello()).await.unwrap_err();
    model.complete(hello()).await.unwrap_err();
    model.complete(hello()).await.unwrap();
}

/// Hooks that record their calls.
#[derive(Default)]
pub(crate) struct Log(std::sync::Mutex<Vec<String>>);

impl Log {
    /// Returns the calls, separated by commas.
    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap().join(", ")
    }
}

impl ModelHooks for Log {
    fn on_request(&self, model: ModelId<'_>, request: &Request<'_>) -> Result<(), ModelError> {
        self.0
            .lock()
            .unwrap()
            .push(format!("request {} {}", model.provider, request.messages.len()));
        Ok(())
    }

    fn on_reply(&self, _: ModelId<'_>, _: &Request<'_>, reply: &Reply, _: Duration) {
        self.0
            .lock()
            .unwrap()
            .push(format!("reply {}", reply.message.text()));
    }

    fn on_error(&self, _: ModelId<'_>, _: &Request<'_>, error: &ModelError, _: Duration) {
        self.0
            .lock()
            .unwrap()
            .push(format!("error {}", error.kind().as_str()));
    }

    fn on_cancel(&self, _: ModelId<'_>, _: &Request<'_>, _: Duration) {
        self.0.lock().unwrap().push("cancel".to_owned());
    }
}

struct RejectAll;

impl ModelHooks for RejectAll {
    fn on_request(&self, _: ModelId<'_>, _: &Request<'_>) -> Result<(), ModelError> {
        Err(ModelError::new(Kind::Configuration, "no"))
    }
}

#[tokio::test]
async fn hooks_observe_requests_replies_and_errors_and_can_reject_a_request() {
    let log = Arc::new(Log::default());
    let model = ScriptedModel::new()
        .reply("a")
        .reply("b")
        .fault(Kind::Network)
        .hooks(Arc::clone(&log));
    model.complete(hello()).await.unwrap();
    streamed(&model, hello()).await.unwrap();
    streamed(&model, hello()).await.unwrap_err();
    assert_eq!(
        log.text(),
        "request scripted 1, reply a, request scripted 1, reply b, request scripted 1, error network"
    );
    let model = ScriptedModel::new().hooks(RejectAll);
    assert_eq!(model.complete(hello()).await.unwrap_err().to_string(), "no");
}
