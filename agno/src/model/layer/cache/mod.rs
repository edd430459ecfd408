//! A cache of answers. Repeated requests are answered from the cache. Of concurrent identical requests, one reaches
//! the model and the others wait for its answer, unless it fails or cannot be stored.

mod disk;
mod key;
mod memory;

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use disk::DiskCache;
use futures_util::{Stream, StreamExt};
pub use key::CacheKey;
pub use memory::MemoryCache;
use tokio::sync::Mutex as AsyncMutex;

use super::relay::relay;
use super::{Outcome, layer};
use crate::model::{Delta, FinishReason, Model, ModelError, Reply, ReplyBuilder, Request, scripted};

/// A cached answer.
pub type CacheEntry = Arc<Reply>;

/// Storage for cached answers. Implementations treat a failure as a missing answer, so that the model is called
/// instead.
pub trait CacheStore: Send + Sync {
    /// Returns the answer stored under this key, unless it has expired.
    fn get(&self, key: &CacheKey) -> impl Future<Output = Option<CacheEntry>> + Send;

    /// Stores an answer for `time_to_live`, or without expiry if there is none.
    fn put(
        &self,
        key: &CacheKey,
        entry: CacheEntry,
        time_to_live: Option<Duration>,
    ) -> impl Future<Output = ()> + Send;
}

/// Configuration of a cache: its store, the lifetime of answers, and which answers it keeps. Clones share the store.
///
/// The [key](CacheKey) covers everything that affects an answer: the model with its URL, headers, API key and settings,
/// and everything in the request. Answers that request tool calls are not cached unless [`with_tool_calls`](Self::with_tool_calls) is set. Truncated or refused answers are
/// never cached.
///
/// ```
/// use agno::model::layer::CacheLayer;
/// use agno::model::{Model, ModelExt, Request, ScriptedModel};
/// use agno::Message;
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), agno::ModelError> {
/// let cache = CacheLayer::in_memory(64 * 1024 * 1024).with_time_to_live(Duration::from_secs(3600));
/// let model = ScriptedModel::new().reply("Hello.").cache(cache);
/// let hello = [Message::user("Hi")];
/// let first = model.complete(Request::new(&hello)).await?;
/// // The script has no further turns: this answer comes from the cache.
/// assert_eq!(model.complete(Request::new(&hello)).await?, first);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CacheLayer<S = MemoryCache> {
    store: Arc<S>,
    time_to_live: Option<Duration>,
    stores_tool_calls: bool,
    /// Requests in progress.
    in_flight: Arc<Mutex<HashMap<CacheKey, Arc<AsyncMutex<NotStored>>>>>,
}

/// `true` if the answer will not be stored, so that requests waiting for it can proceed.
#[derive(Debug, Default)]
struct NotStored(bool);

impl<S> Clone for CacheLayer<S> {
    fn clone(&self) -> Self {
        Self {
            store: Arc::clone(&self.store),
            time_to_live: self.time_to_live,
            stores_tool_calls: self.stores_tool_calls,
            in_flight: Arc::clone(&self.in_flight),
        }
    }
}

impl CacheLayer {
    /// Creates a cache in memory for approximately this many bytes of answers. See [`MemoryCache`] for its eviction
    /// policy.
    pub fn in_memory(max_bytes: u64) -> Self {
        Self::new(MemoryCache::new(max_bytes))
    }
}

impl CacheLayer<DiskCache> {
    /// Creates a cache in this folder with one file per answer. Several programs may share it.
    pub fn on_disk(folder: impl Into<std::path::PathBuf>) -> Self {
        Self::new(DiskCache::new(folder))
    }
}

impl<S: CacheStore> CacheLayer<S> {
    /// Creates a cache that uses this store.
    pub fn new(store: S) -> Self {
        Self {
            store: Arc::new(store),
            time_to_live: None,
            stores_tool_calls: false,
            in_flight: Arc::default(),
        }
    }

    /// Sets the lifetime of answers. By default, they do not expire and stay until the store evicts them.
    #[must_use]
    pub const fn with_time_to_live(mut self, time_to_live: Duration) -> Self {
        self.time_to_live = Some(time_to_live);
        self
    }

    /// Caches answers that request tool calls, too.
    #[must_use]
    pub const fn with_tool_calls(mut self) -> Self {
        self.stores_tool_calls = true;
        self
    }

    fn is_storable(&self, reply: &Reply) -> bool {
        match reply.finish_reason {
            FinishReason::Stop => self.stores_tool_calls || !reply.message.has_calls(),
            FinishReason::ToolCalls => self.stores_tool_calls,
            _ => false,
        }
    }

    /// Returns the answer stored under `key`, or the turn to call the model.
    async fn get_or_lead(&self, key: CacheKey) -> Result<CacheEntry, Turn<'_, S>> {
        if let Some(entry) = self.store.get(&key).await {
            return Ok(entry);
        }
        let lock = {
            let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(in_flight.entry(key).or_default())
        };
        // From here on, dropping the turn always removes the entry from `in_flight`.
        let mut turn = Turn {
            layer: self,
            key,
            lock,
            guard: None,
        };
        let guard = Arc::clone(&turn.lock).lock_owned().await;
        if guard.0 {
            return Err(turn);
        }
        if let Some(entry) = self.store.get(&key).await {
            return Ok(entry);
        }
        turn.guard = Some(guard);
        Err(turn)
    }
}

/// The turn to call the model. Identical requests wait until it is dropped.
struct Turn<'a, S> {
    layer: &'a CacheLayer<S>,
    key: CacheKey,
    lock: Arc<AsyncMutex<NotStored>>,
    guard: Option<tokio::sync::OwnedMutexGuard<NotStored>>,
}

impl<S: CacheStore> Turn<'_, S> {
    /// Stores a suitable answer, or releases the waiting requests if there will be none.
    async fn done(mut self, outcome: Outcome<&Reply>) {
        match outcome {
            Ok(reply) if self.layer.is_storable(reply) => {
                self.layer
                    .store
                    .put(&self.key, Arc::new(reply.clone()), self.layer.time_to_live)
                    .await;
            }
            // No answer will be stored, so the waiting requests need not take turns.
            Ok(_) => {
                if let Some(guard) = &mut self.guard {
                    guard.0 = true;
                }
            }
            Err(_) => {}
        }
    }
}

impl<S> Drop for Turn<'_, S> {
    fn drop(&mut self) {
        let mut in_flight = self
            .layer
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.guard = None;
        // Only the map and this turn hold the lock: no other request is waiting.
        if Arc::strong_count(&self.lock) <= 2 {
            in_flight.remove(&self.key);
        }
    }
}

/// A model with cached answers, see [`ModelExt::cache`](super::ModelExt::cache).
pub struct Cache<M, S = MemoryCache> {
    inner: M,
    layer: CacheLayer<S>,
}

impl<M: Clone, S> Clone for Cache<M, S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<M: Model, S: CacheStore> Cache<M, S> {
    pub(super) fn new(inner: M, layer: CacheLayer<S>) -> Self {
        Self { inner, layer }
    }
}

layer!(Cache<M, S: CacheStore>);

impl<M: Model, S: CacheStore> Model for Cache<M, S> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        match self.layer.get_or_lead(CacheKey::new(&self.inner, &request)).await {
            Ok(entry) => Ok(Reply::clone(&entry)),
            Err(turn) => {
                let reply = self.inner.complete(request).await?;
                turn.done(Ok(&reply)).await;
                Ok(reply)
            }
        }
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            match self.layer.get_or_lead(CacheKey::new(&self.inner, &request)).await {
                Ok(entry) => {
                    for delta in scripted::deltas_of(&entry) {
                        out.send(delta).await;
                    }
                }
                Err(turn) => {
                    let mut builder = ReplyBuilder::new();
                    let mut deltas = pin!(self.inner.stream(request));
                    while let Some(delta) = deltas.next().await {
                        let delta = delta?;
                        builder.push(&delta);
                        // Store the answer before forwarding the end, so that a request sent after the end
                        // finds it.
                        if matches!(delta, Delta::Finish(_)) {
                            let reply = std::mem::take(&mut builder).finish();
                            turn.done(reply.as_ref().map_err(|_| ModelError::truncated()))
                                .await;
                            out.send(delta).await;
                            return Ok(());
                        }
                        out.send(delta).await;
                    }
                }
            }
            Ok(())
        })
    }
}
