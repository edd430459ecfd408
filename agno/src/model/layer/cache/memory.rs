//! A bounded cache in memory.

use std::time::{Duration, Instant};

use moka::Expiry;
use moka::sync::Cache;

use super::{CacheEntry, CacheKey, CacheStore};
use crate::message::{Content, Part, ProviderItem, Reasoning, ToolCall};
use crate::model::{Reply, TokenLogprob};

/// A cache in memory with a size limit.
///
/// It follows the TinyLFU policy: it evicts the least recently requested answers first, and admits a new answer only if
/// the new answer is requested more often than the answers that it would evict.
///
/// ```
/// use agno::model::layer::{CacheLayer, MemoryCache};
///
/// let store = MemoryCache::new(16 << 20);
/// let layer = CacheLayer::new(store.clone()); // clones share the answers
/// assert!(store.is_empty());
/// # let _ = layer;
/// ```
#[derive(Debug, Clone)]
pub struct MemoryCache(Cache<CacheKey, StoredReply>);

#[derive(Debug, Clone)]
struct StoredReply {
    entry: CacheEntry,
    time_to_live: Option<Duration>,
}

impl MemoryCache {
    /// Creates a cache for approximately this many bytes of answers.
    pub fn new(max_bytes: u64) -> Self {
        let cache = Cache::builder()
            .max_capacity(max_bytes)
            .weigher(|_, stored: &StoredReply| u32::try_from(size(&stored.entry)).unwrap_or(u32::MAX))
            .expire_after(PerEntryExpiry)
            .build();
        Self(cache)
    }

    /// Returns the number of cached answers, which is approximate while answers are being added or removed.
    pub fn len(&self) -> u64 {
        self.0.run_pending_tasks();
        self.0.entry_count()
    }

    /// Returns `true` if the cache is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl CacheStore for MemoryCache {
    async fn get(&self, key: &CacheKey) -> Option<CacheEntry> {
        self.0.get(key).map(|stored| stored.entry)
    }

    async fn put(&self, key: &CacheKey, entry: CacheEntry, time_to_live: Option<Duration>) {
        self.0.insert(*key, StoredReply { entry, time_to_live });
    }
}

/// Expires each answer after the lifetime that was set when it was stored.
struct PerEntryExpiry;

impl Expiry<CacheKey, StoredReply> for PerEntryExpiry {
    fn expire_after_create(&self, _: &CacheKey, stored: &StoredReply, _: Instant) -> Option<Duration> {
        stored.time_to_live
    }

    fn expire_after_update(
        &self,
        _: &CacheKey,
        stored: &StoredReply,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        stored.time_to_live
    }
}

/// Returns the approximate size of an answer in bytes.
fn size(reply: &Reply) -> usize {
    let parts = reply.message.parts.iter().map(|part| match part {
        Part::Text(text) => {
            let citations = text.citations().iter();
            let citations: usize = citations.map(|citation| citation.json.len() + 200).sum();
            text.text.len() + citations + text.signature().map_or(0, str::len)
        }
        Part::Refusal { text } => text.len(),
        Part::Reasoning(reasoning) => {
            let signature = reasoning.signature.as_ref().map_or(0, String::len);
            size_of::<Reasoning>() + reasoning.text.len() + signature
        }
        Part::Call(call) => {
            let result = call
                .result
                .as_ref()
                .map(|result| &result.content[..])
                .unwrap_or_default();
            let result: usize = result.iter().filter_map(Content::as_text).map(str::len).sum();
            size_of::<ToolCall>() + call.name.len() + call.arguments.len() + result
        }
        Part::Image(media) | Part::Audio(media) => match &media.source {
            crate::message::MediaSource::Base64(text) => text.len(),
            _ => 100,
        },
        Part::Provider(item) => size_of::<ProviderItem>() + item.json.len(),
    });
    let details = reply.details.as_ref();
    let raw: usize = details.map_or(0, |details| details.raw.iter().map(String::len).sum());
    let logprobs: usize = details.map_or(0, |details| details.logprobs.iter().map(logprob_size).sum());
    size_of::<Reply>()
        + size_of::<CacheKey>()
        + raw
        + logprobs
        + parts.map(|bytes| bytes + size_of::<Part>()).sum::<usize>()
}

fn logprob_size(logprob: &TokenLogprob) -> usize {
    let top = logprob
        .top
        .iter()
        .map(|(token, _)| size_of::<(String, f64)>() + token.len());
    size_of::<TokenLogprob>() + logprob.token.len() + top.sum::<usize>()
}
