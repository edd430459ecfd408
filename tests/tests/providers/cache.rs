//! Replies cached in memory and on disk.

use std::sync::atomic::Ordering;
use std::time::Duration;

use agno::model::layer::{CacheLayer, CacheStore, DiskCache, MemoryCache};
use agno::model::{FinishReason, FunctionModel, Model, ModelExt, Reply, Request, ScriptedModel, Usage};
use agno::{Message, ModelErrorKind as Kind};
use agno_tests::{hello, streamed};
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::layers::{Delayed, counting};

/// A temporary directory that is removed on drop.
pub(crate) struct TempDir(pub(crate) std::path::PathBuf);

impl TempDir {
    pub(crate) fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("agno-cache-{name}-{}", std::process::id())))
    }

    /// Sets the expiry time of every stored reply to 1970.
    pub(crate) fn expire_all(&self) {
        for file in std::fs::read_dir(&self.0).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let mut stored: serde_json::Value = serde_json::from_str(&text).unwrap();
            stored["expires"] = 1.into();
            std::fs::write(path, stored.to_string()).unwrap();
        }
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn check_one_request<S: CacheStore>(cache: CacheLayer<S>) {
    let (model, count) = counting(Duration::from_millis(20));
    let model = model.cache(cache);
    // Concurrent identical requests are sent once, with and without streaming.
    let complete = join_all((0..8).map(|_| model.complete(hello()))).await;
    let streams = join_all((0..8).map(|_| streamed(&model, hello()))).await;
    let mut used = Usage::default();
    for reply in complete.into_iter().chain(streams) {
        let reply = reply.unwrap();
        assert_eq!(
            (&*reply.message.text(), reply.finish_reason),
            ("1", FinishReason::Stop)
        );
        used += reply.usage;
    }
    assert_eq!(used, Usage::new(10, 20));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let other = [Message::user("Other")];
    assert_eq!(
        model.complete(Request::new(&other)).await.unwrap().message.text(),
        "2"
    );
}

#[tokio::test(start_paused = true)]
async fn a_repeated_request_is_answered_from_memory_or_disk() {
    check_one_request(CacheLayer::in_memory(1 << 20)).await;
    let directory = TempDir::new("once");
    check_one_request(CacheLayer::on_disk(&directory.0)).await;
    // A second cache in the same directory finds the stored reply, as another process would.
    let (model, count) = counting(Duration::ZERO);
    let model = model.cache(CacheLayer::on_disk(&directory.0));
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "1");
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_waiting_request_takes_over_from_a_cancelled_one() {
    let (model, count) = counting(Duration::from_millis(50));
    let model = model.cache(CacheLayer::in_memory(1 << 20));
    let (cancelled, second) = tokio::join!(
        tokio::time::timeout(Duration::from_millis(10), model.complete(hello())),
        model.complete(hello())
    );
    assert!(cancelled.is_err());
    assert_eq!(second.unwrap().message.text(), "1");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn failures_and_tool_calls_are_not_cached() {
    let script = ScriptedModel::new()
        .fault(Kind::Network)
        .call("weather", "{}")
        .call("weather", "{}")
        .reply("kept");
    let model = script.cache(CacheLayer::in_memory(1 << 20));
    model.complete(hello()).await.unwrap_err();
    assert!(model.complete(hello()).await.unwrap().message.has_calls());
    assert!(streamed(&model, hello()).await.unwrap().message.has_calls());
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "kept");
    assert_eq!(model.complete(hello()).await.unwrap().message.text(), "kept");

    let model = ScriptedModel::new()
        .call("weather", "{}")
        .cache(CacheLayer::in_memory(1 << 20).with_tool_calls());
    let first = model.complete(hello()).await.unwrap();
    assert_eq!(streamed(&model, hello()).await.unwrap().message, first.message);

    // The first of several concurrent requests is sent alone. Its reply is not cached, so the others are sent together.
    let caller = FunctionModel::new(|_: &Request<'_>| Ok(Reply::call("1", "weather", "{}")));
    let caller = Delayed(caller, Duration::from_millis(50));
    let (model, started) = (caller.cache(CacheLayer::in_memory(1 << 20)), Instant::now());
    join_all((0..40).map(|_| model.complete(hello()))).await;
    assert_eq!(started.elapsed(), Duration::from_millis(100));
}

#[tokio::test]
async fn cached_replies_expire_and_the_cache_size_is_limited() {
    // Expiry uses real time, which a test cannot pause, so one reply expires immediately and the other long after the test.
    for (time_to_live, requests) in [(Duration::ZERO, 2), (Duration::from_secs(3600), 1)] {
        let (model, count) = counting(Duration::ZERO);
        let model = model.cache(CacheLayer::in_memory(1 << 20).with_time_to_live(time_to_live));
        model.complete(hello()).await.unwrap();
        model.complete(hello()).await.unwrap();
        assert_eq!(count.load(Ordering::SeqCst), requests, "{time_to_live:?}");
    }

    // With the longest time to live, replies never expire.
    let (model, count) = counting(Duration::ZERO);
    let model = model.cache(CacheLayer::in_memory(1 << 20).with_time_to_live(Duration::MAX));
    model.complete(hello()).await.unwrap();
    model.complete(hello()).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 1);

    let store = MemoryCache::new(20_000);
    let (model, _) = counting(Duration::ZERO);
    let model = model.cache(CacheLayer::new(store.clone()));
    for number in 0..200 {
        let messages = [Message::user(format!("Question {number}"))];
        model.complete(Request::new(&messages)).await.unwrap();
    }
    // This is an upper bound, because it ignores the heap memory of replies.
    let most = 20_000 / size_of::<Reply>() as u64;
    assert!((1..=most).contains(&store.len()), "{} of {most}", store.len());

    let directory = TempDir::new("old");
    let disk = DiskCache::new(&directory.0);
    let (model, count) = counting(Duration::ZERO);
    let layer = CacheLayer::new(disk.clone()).with_time_to_live(Duration::from_secs(3600));
    let model = model.cache(layer);
    model.complete(hello()).await.unwrap();
    assert_eq!(disk.remove_expired().unwrap(), 0);
    directory.expire_all();
    let other = [Message::user("Other")];
    model.complete(Request::new(&other)).await.unwrap();
    // The expired reply is not served, and its replacement is stored.
    model.complete(hello()).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 3);
    directory.expire_all();
    assert_eq!(disk.remove_expired().unwrap(), 2);
    assert_eq!(disk.remove_expired().unwrap(), 0);
}
