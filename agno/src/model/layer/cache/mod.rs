//! A cache of answers. Repeated requests are answered from the cache. Of concurrent identical requests, one reaches
//! the model and the others wait for its answer or its error. If the answer is not stored, the others call the model.

mod disk;
mod key;
mod memory;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

pub use disk::DiskCache;
use futures_util::{Stream, StreamExt};
pub use key::CacheKey;
pub use memory::MemoryCache;

use super::layer;
use super::relay::relay;
use crate::model::{
    Delta, FinishReason, Model, ModelError, ModelEvent, Reply, ReplyBuilder, Request, Usage, scripted,
};
use crate::single_flight::{Leader, Role, SingleFlight};

/// A cached answer.
pub type CacheEntry = Arc<Reply>;

/// Storage for cached answers.
///
/// Implementations should treat a failure as a missing answer, so that the model is called instead. They should also
/// limit how long they wait, because each request waits for the store.
///
/// ```
/// use agno::model::layer::{CacheEntry, CacheKey, CacheLayer, CacheStore};
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use std::time::Duration;
///
/// /// Keeps everything.
/// #[derive(Default)]
/// struct Unbounded(Mutex<HashMap<CacheKey, CacheEntry>>);
///
/// impl CacheStore for Unbounded {
///     async fn get(&self, key: &CacheKey) -> Option<CacheEntry> {
///         self.0.lock().unwrap().get(key).cloned()
///     }
///     async fn put(&self, key: &CacheKey, entry: CacheEntry, _time_to_live: Option<Duration>) {
///         self.0.lock().unwrap().insert(*key, entry);
///     }
/// }
/// let layer = CacheLayer::new(Unbounded::default());
/// # let _ = layer;
/// ```
pub trait CacheStore: Send + Sync {
    /// Returns the answer stored under this key, unless it has expired.
    fn get(&self, key: &CacheKey) -> impl Future<Output = Option<CacheEntry>> + Send;

    /// Stores an answer that expires after `time_to_live`, or never if `time_to_live` is `None`.
    fn put(
        &self,
        key: &CacheKey,
        entry: CacheEntry,
        time_to_live: Option<Duration>,
    ) -> impl Future<Output = ()> + Send;
}

/// Configuration of a cache: its store, the lifetime of answers, and the kinds of answers to store.
///
/// Clones share the store. The [key](CacheKey) covers everything that affects an answer: the model with its URL, headers,
/// API key and settings, and everything in the request. Answers that request tool calls are not cached unless
/// [`with_tool_calls`](Self::with_tool_calls) is set. Truncated or refused answers are never cached.
///
/// One of several concurrent identical requests reaches the model, and the others get its answer. If it fails, they get its
/// error. If it is cancelled or no longer polled, another request takes its place. If its answer is not cached, each of
/// the others calls the model.
///
/// An answer from the cache uses no tokens: its [`usage`](Reply::usage) is zero, [`Reply::is_cached`] is `true`, and
/// [`ReplyDetails::original_usage`](crate::model::ReplyDetails::original_usage) has the original counts.
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
/// let second = model.complete(Request::new(&hello)).await?;
/// assert_eq!(second.message, first.message);
/// assert!(second.is_cached() && !first.is_cached());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CacheLayer<S = MemoryCache> {
    store: Arc<S>,
    time_to_live: Option<Duration>,
    stores_tool_calls: bool,
    /// Requests in progress.
    in_flight: Arc<SingleFlight<CacheKey, Shared>>,
}

/// The outcome that a request shares with the requests that wait for it.
#[derive(Debug, Clone)]
enum Shared {
    Reply(CacheEntry),
    /// The answer was not stored, so each request that waited calls the model.
    NotStored,
    Failed(Arc<ModelError>),
}

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
    /// Creates a cache in this directory with one file per answer. Several programs may share it.
    pub fn on_disk(directory: impl Into<std::path::PathBuf>) -> Self {
        Self::new(DiskCache::new(directory))
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

    /// Also caches answers that request tool calls.
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

    /// Looks up an answer, and waits for it if an identical request is in progress.
    async fn look_up(&self, key: CacheKey) -> Lookup<'_, S> {
        if let Some(entry) = self.store.get(&key).await {
            return Lookup::Found(entry);
        }
        match self.in_flight.join(&key).await {
            Role::Follower(Shared::Reply(entry)) => Lookup::Found(entry),
            Role::Follower(Shared::NotStored) | Role::Nested => Lookup::NotShared,
            Role::Follower(Shared::Failed(error)) => Lookup::Failed(error.duplicate()),
            Role::Leader(mut leader) => {
                // Another request may have stored the answer since the first lookup.
                if let Some(entry) = leader.drive(self.store.get(&key)).await {
                    leader.land(Shared::Reply(Arc::clone(&entry)));
                    return Lookup::Found(entry);
                }
                Lookup::Lead(Lead {
                    layer: self,
                    key,
                    leader,
                })
            }
        }
    }
}

/// The result of looking up an answer.
enum Lookup<'a, S> {
    Found(CacheEntry),
    /// An identical request was in progress and failed.
    Failed(ModelError),
    /// The request must be sent, and identical requests wait for its outcome.
    Lead(Lead<'a, S>),
    /// The request must be sent, and no other request waits for it.
    NotShared,
}

/// A request that shares its outcome with identical requests. If it is dropped, one of them takes its place.
struct Lead<'a, S> {
    layer: &'a CacheLayer<S>,
    key: CacheKey,
    leader: Leader<'a, CacheKey, Shared>,
}

impl<S: CacheStore> Lead<'_, S> {
    /// Passes the outcome to the waiting requests, and stores the answer if it is storable.
    async fn finish(mut self, outcome: Result<&Reply, &ModelError>) {
        match outcome {
            Ok(reply) if self.layer.is_storable(reply) => {
                let entry = Arc::new(reply.clone());
                self.leader.land(Shared::Reply(Arc::clone(&entry)));
                let CacheLayer {
                    store, time_to_live, ..
                } = self.layer;
                store.put(&self.key, entry, *time_to_live).await;
            }
            Ok(_) => {
                self.leader.land(Shared::NotStored);
            }
            Err(error) => self
                .leader
                .land_failure(|| Shared::Failed(Arc::new(error.duplicate()))),
        }
    }
}

/// Returns a copy of a stored answer that reports zero tokens. The rate limits are removed, because they are out of date.
fn cached_reply(entry: &Reply) -> Reply {
    let mut reply = entry.clone();
    let details = reply.details.get_or_insert_default();
    details.rate_limits = None;
    details.original_usage.get_or_insert(reply.usage);
    reply.usage = Usage::default();
    reply
}

/// A model with cached answers, created by [`ModelExt::cache`](super::ModelExt::cache).
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

    fn report_hit(&self, request: &Request<'_>) {
        request.report(&ModelEvent::CacheHit {
            model: self.inner.id(),
        });
    }
}

layer!(Cache<M, S: CacheStore>);

impl<M: Model, S: CacheStore> Model for Cache<M, S> {
    type Dialect = M::Dialect;

    layer!(methods);

    async fn complete(&self, request: Request<'_>) -> Result<Reply, ModelError> {
        match self.layer.look_up(CacheKey::new(&self.inner, &request)).await {
            Lookup::Found(entry) => {
                self.report_hit(&request);
                Ok(cached_reply(&entry))
            }
            Lookup::Failed(error) => Err(error),
            Lookup::NotShared => self.inner.complete(request).await,
            Lookup::Lead(lead) => {
                let outcome = lead.leader.drive(self.inner.complete(request)).await;
                lead.finish(outcome.as_ref()).await;
                outcome
            }
        }
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        relay(move |out| async move {
            let mut lead = match self.layer.look_up(CacheKey::new(&self.inner, &request)).await {
                Lookup::Found(entry) => {
                    self.report_hit(&request);
                    for delta in scripted::deltas_of(&cached_reply(&entry)) {
                        out.send(delta).await;
                    }
                    return Ok(());
                }
                Lookup::Failed(error) => return Err(error),
                Lookup::NotShared => None,
                Lookup::Lead(lead) => Some(lead),
            };
            let mut builder = ReplyBuilder::new();
            let mut deltas = pin!(self.inner.stream(request));
            // The stream is polled to its end, so that the inner layers observe the outcome.
            loop {
                let next = match &lead {
                    Some(lead) => lead.leader.drive(deltas.next()).await,
                    None => deltas.next().await,
                };
                let delta = match next {
                    Some(Ok(delta)) => delta,
                    Some(Err(error)) => {
                        if let Some(lead) = lead.take() {
                            lead.finish(Err(&error)).await;
                        }
                        return Err(error);
                    }
                    None => break,
                };
                if lead.is_some() {
                    builder.push(&delta);
                }
                // Store the answer before forwarding the last delta, so that a request sent after that delta finds it.
                if let Delta::Finish(_) = delta
                    && let Some(lead) = lead.take()
                {
                    lead.finish(std::mem::take(&mut builder).finish().as_ref()).await;
                }
                match &lead {
                    Some(lead) => lead.leader.hand_over(out.send(delta)).await,
                    None => out.send(delta).await,
                }
            }
            if let Some(lead) = lead {
                lead.finish(Err(&ModelError::truncated())).await;
            }
            Ok(())
        })
    }
}
