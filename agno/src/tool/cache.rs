//! A cache for tool results. A model that repeats a call, in the same run or in another, gets the stored result
//! without running the tool.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::Value;

use super::decode;
use crate::message::ToolResult;

/// Maximum size of the results stored for one tool, in bytes: 4 MiB. The least requested results are evicted first.
const MAX_BYTES: u64 = 4 << 20;

/// A cache for the results of one tool, keyed by arguments.
///
/// `#[tool(cache = "5m")]` creates one. In a hand-written implementation, [`Tool::CACHE`](super::Tool::CACHE) refers
/// to a static.
///
/// The cache belongs to the program and is shared by every run of every agent. Use it for tools whose results depend
/// only on their arguments. It stores up to 4 MiB of results. Errors are not cached.
///
/// ```
/// use std::time::Duration;
/// use agno::tool::ToolCache;
///
/// static RATES: ToolCache = ToolCache::new(Duration::from_secs(300));
/// assert!(RATES.is_empty());
/// ```
pub struct ToolCache {
    lifetime: Duration,
    results: OnceLock<Cache<String, ToolResult>>,
}

impl ToolCache {
    /// Creates a cache whose results expire after `lifetime`.
    pub const fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            results: OnceLock::new(),
        }
    }

    /// Removes all results.
    pub fn clear(&self) {
        self.results().invalidate_all();
    }

    /// Returns `true` if the cache contains no results.
    pub fn is_empty(&self) -> bool {
        self.results.get().is_none_or(|results| {
            results.run_pending_tasks();
            results.entry_count() == 0
        })
    }

    /// Normalizes arguments into a key: removes white space and sorts the fields, so that equivalent calls share a
    /// result.
    pub(super) fn key(arguments: &str) -> String {
        let arguments = decode::text_of(arguments).unwrap_or_default();
        match serde_json::from_str::<Value>(arguments) {
            Ok(mut arguments) => {
                arguments.sort_all_objects();
                arguments.to_string()
            }
            // Unreachable: the arguments are decoded before the lookup.
            Err(_) => arguments.to_owned(),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<ToolResult> {
        self.results().get(key)
    }

    pub(super) fn put(&self, key: String, result: &ToolResult) {
        if !result.is_error {
            self.results().insert(key, result.clone());
        }
    }

    fn results(&self) -> &Cache<String, ToolResult> {
        self.results.get_or_init(|| {
            Cache::builder()
                .time_to_live(self.lifetime)
                .max_capacity(MAX_BYTES)
                .weigher(|key: &String, result: &ToolResult| {
                    let written = serde_json::to_string(result).map_or(0, |text| text.len());
                    u32::try_from(key.len() + written).unwrap_or(u32::MAX)
                })
                .build()
        })
    }
}

impl fmt::Debug for ToolCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolCache")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}
