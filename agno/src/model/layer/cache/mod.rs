//! Answers from memory: a request that was answered before is not made again, and one that is on its way is not made
//! twice.

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

/// An answer as it is kept.
pub type CacheEntry = Arc<Reply>;

/// Where answers are kept. A store that fails is one that has nothing: the model is asked then.
pub trait CacheStore: Send + Sync {
    /// The answer kept under this key, if it is not too old.
    fn get(&self, key: &CacheKey) -> impl Future<Output = Option<CacheEntry>> + Send;

    /// Keeps an answer, for as long as `time_to_live` says; for ever without.
    fn put(
        &self,
        key: &CacheKey,
        entry: CacheEntry,
        time_to_live: Option<Duration>,
    ) -> impl Future<Output = ()> + Send;
}

/// What is kept, where and for how long. Clones share the store.
///
/// The key covers everything that shapes an answer: the model with its address and settings, instructions, messages with
/// their media, tools, output and the request's settings. Answers that ask for tools are not kept unless
/// [`with_tool_calls`](Self::with_tool_calls) says so, and neither are answers that were cut off or refused.
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
/// // The script is used up: this answer is the same one again.
/// assert_eq!(model.complete(Request::new(&hello)).await?, first);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CacheLayer<S = MemoryCache> {
    store: Arc<S>,
    time_to_live: Option<Duration>,
    stores_tool_calls: bool,
    /// Requests that are on their way.
    in_flight: Arc<Mutex<HashMap<CacheKey, Arc<AsyncMutex<NotStored>>>>>,
}

/// Whether those who wait for the same answer need wait no longer: it will not be kept.
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
    /// In memory, at most this many bytes of answers. What was not asked for longest goes first.
    pub fn in_memory(max_bytes: u64) -> Self {
        Self::new(MemoryCache::new(max_bytes))
    }
}

impl CacheLayer<DiskCache> {
    /// In this folder, a file an answer. Programs may share it.
    pub fn on_disk(folder: impl Into<std::path::PathBuf>) -> Self {
        Self::new(DiskCache::new(folder))
    }
}

impl<S: CacheStore> CacheLayer<S> {
    /// In this store.
    pub fn new(store: S) -> Self {
        Self {
            store: Arc::new(store),
            time_to_live: None,
            stores_tool_calls: false,
            in_flight: Arc::default(),
        }
    }

    /// Keeps answers for this long. By default, until there is no room.
    #[must_use]
    pub const fn with_time_to_live(mut self, time_to_live: Duration) -> Self {
        self.time_to_live = Some(time_to_live);
        self
    }

    /// Keeps answers that ask for tools as well.
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

    /// The answer kept under `key`, or the turn to make it.
    async fn get_or_lead(&self, key: CacheKey) -> Result<CacheEntry, Turn<'_, S>> {
        if let Some(entry) = self.store.get(&key).await {
            return Ok(entry);
        }
        let lock = {
            let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(in_flight.entry(key).or_default())
        };
        // From here on dropping the turn removes the entry of `in_flight`, whatever happens.
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

/// The turn to ask the model. Others who want the same wait until it is dropped.
struct Turn<'a, S> {
    layer: &'a CacheLayer<S>,
    key: CacheKey,
    lock: Arc<AsyncMutex<NotStored>>,
    guard: Option<tokio::sync::OwnedMutexGuard<NotStored>>,
}

impl<S: CacheStore> Turn<'_, S> {
    /// What came of it.
    async fn done(mut self, outcome: Outcome<&Reply>) {
        match outcome {
            Ok(reply) if self.layer.is_storable(reply) => {
                self.layer
                    .store
                    .put(&self.key, Arc::new(reply.clone()), self.layer.time_to_live)
                    .await;
            }
            // There will be nothing to find: the others need not come one by one.
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
        // The map, this turn and nobody else: the last one out clears it away.
        if Arc::strong_count(&self.lock) <= 2 {
            in_flight.remove(&self.key);
        }
    }
}

/// A model whose answers are kept, see [`ModelExt::cache`](super::ModelExt::cache).
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
                        // The answer is kept before its end is told: who heard the end finds it.
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
