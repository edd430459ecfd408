//! Layers around a model: retry, fallback, timeouts, limits, breaker, hooks, cache.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use agno::model::layer::{
    CacheKey, CacheStore, CircuitBreaker, DiskCache, Hooks, RateLimiter, ResponseCache, Retry, RetryBudget,
    Timeouts,
};
use agno::model::scripted::Turn;
use agno::model::{
    Delta, FinishReason, FunctionModel, Model, ModelExt, ModelId, Reply, Request, ScriptedModel, Settings,
    Usage,
};
use agno::provider::OpenAi;
use agno::{Declared, Message, ModelError, ModelErrorKind as Kind};
use agno_tests::server::{Answer, Server};
use agno_tests::{deltas, hello, streamed};
use futures_util::future::join_all;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// A model that answers late.
#[derive(Debug, Clone)]
struct Late<M>(M, Duration);

impl<M: Model> Model for Late<M> {
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

/// A model that answers with how often it was asked, after a while.
fn counting(delay: Duration) -> (impl Model + Clone, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let model = FunctionModel::new(move |_: &Request<'_>| {
        let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(Reply::text(number.to_string()).with_usage(Usage::new(10, 20)))
    });
    (Late(Arc::new(model), delay), count)
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_may_pass_is_asked_again_with_growing_waits() {
    for whole in [true, false] {
        let model = ScriptedModel::new()
            .fault(Kind::Overloaded)
            .fault(Kind::Network)
            .fault(Kind::Timeout)
            .reply("at last");
        let (model, started) = (model.retry(Retry::new()), Instant::now());
        let reply = if whole {
            model.complete(hello()).await
        } else {
            streamed(&model, hello()).await
        };
        assert_eq!(reply.unwrap().message.text(), "at last");
        let waited = started.elapsed();
        assert!(
            waited >= Duration::from_millis(1750) && waited <= Duration::from_millis(3510),
            "{waited:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_will_not_pass_is_returned_at_once() {
    for kind in [
        Kind::Authentication,
        Kind::BadRequest,
        Kind::ContextTooLong,
        Kind::QuotaExceeded,
    ] {
        let (model, started) = (
            ScriptedModel::new().fault(kind).retry(Retry::new()),
            Instant::now(),
        );
        assert_eq!(model.complete(hello()).await.unwrap_err().kind(), kind);
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_provider_says_is_waited_for_unless_it_is_too_long() {
    let limited = |wait| Turn::fault(Kind::RateLimited).retry_after(wait);
    let model = ScriptedModel::new()
        .turn(limited(45 * SECOND))
        .reply("ok")
        .retry(Retry::new());
    let started = Instant::now();
    model.complete(hello()).await.unwrap();
    assert_eq!(started.elapsed(), 45 * SECOND);

    let model = ScriptedModel::new()
        .turn(limited(45 * SECOND))
        .retry(Retry::new().within(30 * SECOND));
    let started = Instant::now();
    let error = model.complete(hello()).await.unwrap_err();
    assert_eq!(
        (error.retry_after(), started.elapsed()),
        (Some(45 * SECOND), Duration::ZERO)
    );
}

#[tokio::test(start_paused = true)]
async fn retries_are_bounded_by_their_number_and_by_their_budget() {
    let failing =
        |times: usize| (0..times).fold(ScriptedModel::new(), |model, _| model.fault(Kind::Overloaded));
    let model = failing(3).retry(Retry::new().times(2));
    assert_eq!(
        model.complete(hello()).await.unwrap_err().kind(),
        Kind::Overloaded
    );

    // Two in reserve, and half a retry earned by each request: two retries, then every second request has one.
    let budget = RetryBudget::new(0.5, 2);
    let model = failing(3 + 1 + 2).retry(Retry::new().times(2).budget(budget.clone()));
    for _ in 0..3 {
        model.complete(hello()).await.unwrap_err();
    }
    assert_eq!(budget.left(), 0);
}

fn broken_off() -> Turn {
    Turn::broken_stream([Delta::Text("Hel".into())], Kind::Network)
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_not_asked_for_again_once_some_of_it_was_handed_on() {
    let model = ScriptedModel::new().turn(broken_off()).retry(Retry::new());
    assert_eq!(deltas(&model, hello()).await.unwrap_err().kind(), Kind::Network);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_may_be_repeated_says_that_it_begins_again() {
    let model = ScriptedModel::new()
        .turn(broken_off())
        .reply("Hello")
        .retry(Retry::new().repeating_streams());
    let pieces = deltas(&model, hello()).await.unwrap();
    assert!(pieces.contains(&Delta::Restart));
    let mut builder = agno::model::ReplyBuilder::new();
    pieces.iter().for_each(|piece| builder.push(piece));
    assert_eq!(builder.finish().unwrap().message.text(), "Hello");
}

#[tokio::test]
async fn the_second_model_answers_where_the_first_cannot() {
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
        let whole = model.complete(hello()).await.unwrap();
        assert_eq!(whole, streamed(&model, hello()).await.unwrap());
    }
    let model = ScriptedModel::new()
        .fault(Kind::BadRequest)
        .fallback(ScriptedModel::new());
    assert_eq!(
        model.complete(hello()).await.unwrap_err().kind(),
        Kind::BadRequest
    );
    let model = ScriptedModel::new()
        .turn(broken_off())
        .fallback(ScriptedModel::new());
    assert_eq!(streamed(&model, hello()).await.unwrap_err().kind(), Kind::Network);
    let model = ScriptedModel::new()
        .fault(Kind::BadRequest)
        .fallback(ScriptedModel::new().reply("b"))
        .when(|_| true);
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "b");
}

#[tokio::test]
async fn tools_are_declared_to_each_model_of_a_fallback_in_its_own_dialect() {
    let done = r#"{"choices":[{"message":{"content":"ok"},"finish_reason":"stop"}]}"#;
    let server = Server::start([Answer::refusal(503, ""), Answer::json(done)]).await;
    let spare = ScriptedModel::new().reply("spare");
    let (assistant, _) = agno_tests::assistant();
    let agent = assistant.with(server.model().fallback(spare.clone()));
    assert_eq!(agent.run("Hello").await.unwrap().text(), "spare");
    let declared = &server.asked()[0].json()["tools"][0]["function"];
    assert!(declared["strict"].is_boolean(), "{declared}");
    let (_, spared) = &spare.requests()[0].tools[0];
    assert!(!spared.contains("strict"), "{spared}");
}

#[tokio::test(start_paused = true)]
async fn answers_that_take_too_long_are_given_up() {
    let slow = || {
        Late(
            FunctionModel::new(|_: &Request<'_>| Ok(Reply::text("late"))),
            10 * SECOND,
        )
    };
    let model = slow().timeouts(Timeouts::new().whole(3 * SECOND));
    let error = model.complete(hello()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("3s to answer"), "{error}");
    assert_eq!(streamed(&model, hello()).await.unwrap_err().kind(), Kind::Timeout);

    let model = slow().timeouts(Timeouts::new().first_token(3 * SECOND));
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "late");
    let error = streamed(&model, hello()).await.unwrap_err();
    assert!(error.to_string().contains("to begin its answer"), "{error}");

    let stalls = Turn::reply(Reply::text("Hello there")).paced(2 * SECOND);
    let model = ScriptedModel::new()
        .turn(stalls)
        .timeouts(Timeouts::new().between_tokens(SECOND));
    let error = streamed(&model, hello()).await.unwrap_err();
    assert!(error.to_string().contains("to go on with its answer"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_made_at_once_than_the_limit_says() {
    let (model, _) = counting(SECOND);
    let (model, started) = (model.limit(2), Instant::now());
    join_all((0..3).map(|_| async { model.complete(hello()).await.unwrap() })).await;
    join_all((0..3).map(|_| async { streamed(&model, hello()).await.unwrap() })).await;
    assert_eq!(started.elapsed(), 4 * SECOND);
    // One that is given up leaves its place.
    let given_up = tokio::time::timeout(SECOND / 2, join_all((0..5).map(|_| model.complete(hello())))).await;
    assert!(given_up.is_err());
    model.complete(hello()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn requests_and_tokens_keep_to_their_rates() {
    let (model, _) = counting(Duration::ZERO);
    let paced = model
        .clone()
        .rate_limit(RateLimiter::new().requests_per_minute(60));
    let started = Instant::now();
    for _ in 0..60 {
        paced.complete(hello()).await.unwrap();
    }
    assert_eq!(started.elapsed(), Duration::ZERO);
    for _ in 0..5 {
        streamed(&paced, hello()).await.unwrap();
    }
    assert!(
        started.elapsed().abs_diff(5 * SECOND) < SECOND / 10,
        "{:?}",
        started.elapsed()
    );

    // Each answer costs 30 tokens, of which the estimate knew about one.
    let paced = model.rate_limit(RateLimiter::new().tokens_per_minute(60));
    let started = Instant::now();
    for _ in 0..4 {
        paced.complete(hello()).await.unwrap();
    }
    assert!(
        started.elapsed().abs_diff(31 * SECOND) < 2 * SECOND,
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_down_is_left_alone_for_a_while() {
    let script = ScriptedModel::new()
        .fault(Kind::Overloaded)
        .fault(Kind::Network)
        .fault(Kind::Overloaded)
        .reply("back")
        .reply("again");
    let breaker = CircuitBreaker::new(2, 30 * SECOND);
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
    // One is let through, fails, and the pause begins anew.
    tokio::time::advance(31 * SECOND).await;
    model.complete(hello()).await.unwrap_err();
    assert!(breaker.is_open());
    tokio::time::advance(31 * SECOND).await;
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "back");
    assert_eq!(streamed(&model, hello()).await.unwrap().message.text(), "again");
}

#[tokio::test]
async fn a_wrong_request_is_no_reason_to_think_a_provider_down() {
    let script = ScriptedModel::new()
        .fault(Kind::BadRequest)
        .fault(Kind::BadRequest)
        .reply("fine");
    let model = script.circuit_breaker(CircuitBreaker::new(1, SECOND));
    model.complete(hello()).await.unwrap_err();
    model.complete(hello()).await.unwrap_err();
    model.complete(hello()).await.unwrap();
}

#[derive(Default)]
struct Log(std::sync::Mutex<Vec<String>>);

impl Hooks for Log {
    fn asked(&self, model: ModelId<'_>, request: &Request<'_>) -> Result<(), ModelError> {
        self.0
            .lock()
            .unwrap()
            .push(format!("asked {} {}", model.provider, request.messages.len()));
        Ok(())
    }

    fn replied(&self, _: ModelId<'_>, _: &Request<'_>, reply: &Reply, _: Duration) {
        self.0
            .lock()
            .unwrap()
            .push(format!("replied {}", reply.message.text()));
    }

    fn failed(&self, _: ModelId<'_>, _: &Request<'_>, error: &ModelError, _: Duration) {
        self.0
            .lock()
            .unwrap()
            .push(format!("failed {}", error.kind().as_str()));
    }
}

struct Refusing;

impl Hooks for Refusing {
    fn asked(&self, _: ModelId<'_>, _: &Request<'_>) -> Result<(), ModelError> {
        Err(ModelError::new(Kind::Configuration, "no"))
    }
}

#[tokio::test]
async fn hooks_hear_of_everything_and_may_refuse() {
    let log = Arc::new(Log::default());
    let model = ScriptedModel::new()
        .reply("a")
        .reply("b")
        .fault(Kind::Network)
        .hooks(Arc::clone(&log));
    model.complete(hello()).await.unwrap();
    streamed(&model, hello()).await.unwrap();
    streamed(&model, hello()).await.unwrap_err();
    let heard = log.0.lock().unwrap().join(", ");
    assert_eq!(
        heard,
        "asked scripted 1, replied a, asked scripted 1, replied b, asked scripted 1, failed network"
    );
    let model = ScriptedModel::new().hooks(Refusing);
    assert_eq!(model.complete(hello()).await.unwrap_err().to_string(), "no");
}

/// A folder that goes with the test.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("agno-cache-{name}-{}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn is_answered_once<S: CacheStore>(cache: ResponseCache<S>) {
    let (model, count) = counting(Duration::from_millis(20));
    let model = model.cache(cache);
    // Those on their way are one, whole and streamed.
    let whole = join_all((0..8).map(|_| model.complete(hello()))).await;
    let pieces = join_all((0..8).map(|_| streamed(&model, hello()))).await;
    for reply in whole.into_iter().chain(pieces) {
        let reply = reply.unwrap();
        assert_eq!(
            (&*reply.message.text(), reply.usage, reply.finish),
            ("1", Usage::new(10, 20), FinishReason::Stop)
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let other = [Message::user("Other")];
    assert_eq!(
        model.complete(Request::new(&other)).await.unwrap().message.text(),
        "2"
    );
}

#[tokio::test]
async fn a_request_is_answered_once_and_then_from_memory_or_disk() {
    is_answered_once(ResponseCache::in_memory(1 << 20)).await;
    let folder = Folder::new("once");
    is_answered_once(ResponseCache::on_disk(&folder.0)).await;
    // Another program finds what this one kept.
    let (model, count) = counting(Duration::ZERO);
    let model = model.cache(ResponseCache::on_disk(&folder.0));
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "1");
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_leader_that_is_given_up_leaves_its_turn_to_another() {
    let (model, count) = counting(Duration::from_millis(50));
    let model = model.cache(ResponseCache::in_memory(1 << 20));
    let (given_up, second) = tokio::join!(
        tokio::time::timeout(Duration::from_millis(10), model.complete(hello())),
        model.complete(hello())
    );
    assert!(given_up.is_err());
    assert_eq!(second.unwrap().message.text(), "1");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn failures_and_calls_are_not_kept_and_do_not_queue() {
    let script = ScriptedModel::new()
        .fault(Kind::Network)
        .call("weather", "{}")
        .call("weather", "{}")
        .reply("kept");
    let model = script.cache(ResponseCache::in_memory(1 << 20));
    model.complete(hello()).await.unwrap_err();
    assert!(model.complete(hello()).await.unwrap().message.has_calls());
    assert!(streamed(&model, hello()).await.unwrap().message.has_calls());
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "kept");
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "kept");

    let model = ScriptedModel::new()
        .call("weather", "{}")
        .cache(ResponseCache::in_memory(1 << 20).including_calls());
    let first = model.complete(hello()).await.unwrap();
    assert_eq!(streamed(&model, hello()).await.unwrap(), first);

    // Many at once whose answer will not be kept do not wait for each other one by one.
    let asks = FunctionModel::new(|_: &Request<'_>| Ok(Reply::call("1", "weather", "{}")));
    let asks = Late(asks, Duration::from_millis(50));
    let (model, started) = (
        asks.cache(ResponseCache::in_memory(1 << 20)),
        std::time::Instant::now(),
    );
    join_all((0..40).map(|_| model.complete(hello()))).await;
    assert!(
        started.elapsed() < Duration::from_millis(800),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn answers_grow_old_and_the_room_is_bounded() {
    let lifetime = Duration::from_millis(1);
    let (model, count) = counting(Duration::ZERO);
    let model = model.cache(ResponseCache::in_memory(1 << 20).lifetime(lifetime));
    model.complete(hello()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    model.complete(hello()).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 2);

    let store = agno::model::layer::MemoryCache::new(20_000);
    let (model, _) = counting(Duration::ZERO);
    let model = model.cache(ResponseCache::new(store.clone()));
    for number in 0..200 {
        let messages = [Message::user(format!("Question {number}"))];
        model.complete(Request::new(&messages)).await.unwrap();
    }
    assert!(store.len() <= 60, "{}", store.len());

    let folder = Folder::new("old");
    let disk = DiskCache::new(&folder.0);
    let (model, _) = counting(Duration::ZERO);
    let model = model.cache(ResponseCache::new(disk.clone()).lifetime(lifetime));
    model.complete(hello()).await.unwrap();
    assert_eq!(disk.remove_expired().unwrap(), 0);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(disk.remove_expired().unwrap(), 1);
}

#[test]
fn the_key_covers_everything_that_shapes_the_answer() {
    use agno::message::{Content, Media};
    use agno::model::{OutputSchema, ToolChoice};

    let model = ScriptedModel::new();
    let (hello, settings) = ([Message::user("Hello")], Settings::new().with_seed(1));
    let image = |url: &str| {
        [Message::user([
            Content::text("Hello"),
            Content::image(Media::url(url, "image/png")),
        ])]
    };
    let (a, b) = (image("https://a.example"), image("https://b.example"));
    let two = [Message::user("Hello"), Message::user("")];
    let output = OutputSchema::new("trip", r#"{"name":"trip","schema":{}}"#, None);
    let request = Request::new(&hello);
    let requests = [
        request,
        Request::new(&two),
        Request::new(&a),
        Request::new(&b),
        request.with_instructions("Hello"),
        request.with_settings(&settings),
        request.with_tool_choice(ToolChoice::None),
        request.with_tool_choice(ToolChoice::Tool("a")),
        request.with_tool_choice(ToolChoice::Tool("b")),
        request.with_output(Some(output)),
    ];
    let mut keys: Vec<CacheKey> = requests
        .iter()
        .map(|request| CacheKey::of(&model, request))
        .collect();
    let at = |url: &str, settings: Settings| {
        OpenAi::builder("m")
            .api_key("k")
            .base_url(url)
            .settings(settings)
            .build()
            .unwrap()
    };
    keys.push(CacheKey::of(
        &at("http://a.example/v1", Settings::new()),
        &request,
    ));
    keys.push(CacheKey::of(
        &at("http://b.example/v1", Settings::new()),
        &request,
    ));
    keys.push(CacheKey::of(&at("http://a.example/v1", settings), &request));
    keys.sort();
    let all = keys.len();
    keys.dedup();
    assert_eq!(keys.len(), all);
}
