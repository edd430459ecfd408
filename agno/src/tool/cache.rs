//! Results of tools, kept for a while: the model that asks for the same again, in this run or in another, gets them
//! without the work.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::Value;

use super::decode;
use crate::message::ToolResult;

/// The most bytes of results a tool keeps: 4 MiB. What is asked for least goes first.
const MAX_BYTES: u64 = 4 << 20;

/// Where the results of one tool are kept, by its arguments. `#[tool(cache = "5m")]` makes one; by hand it is a static
/// that [`Tool::CACHE`](super::Tool::CACHE) points to.
///
/// It belongs to the program: every run of every agent shares it, so it is for tools whose results depend on their
/// arguments alone. It holds up to 4 MiB. Failures are not kept.
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
    /// With results that are this long good for.
    pub const fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            results: OnceLock::new(),
        }
    }

    /// Forgets all results.
    pub fn clear(&self) {
        self.results().invalidate_all();
    }

    /// Whether it holds no result.
    pub fn is_empty(&self) -> bool {
        self.results.get().is_none_or(|results| {
            results.run_pending_tasks();
            results.entry_count() == 0
        })
    }

    /// The arguments as one call has them in common with another: without white space, the fields in one order.
    pub(super) fn key(arguments: &str) -> String {
        let arguments = decode::text_of(arguments).unwrap_or_default();
        match serde_json::from_str::<Value>(arguments) {
            Ok(mut arguments) => {
                arguments.sort_all_objects();
                arguments.to_string()
            }
            // Arguments are read before they are looked up, so there are none like these.
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
