//! A cache for tool results. When a model repeats a call, in the same run or in another, it gets the stored result, and
//! the tool does not run.

use std::fmt;
use std::future::Future;
use std::sync::OnceLock;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::Value;

use super::{RunContext, decode};
use crate::message::ToolResult;
use crate::single_flight::{Role, SingleFlight};

/// Maximum size of the results stored for one tool, in bytes: 4 MiB. The least frequently requested results are evicted
/// first.
const MAX_BYTES: u64 = 4 << 20;

/// The longest lifetime that the cache supports: 1000 years.
const MAX_LIFETIME: Duration = Duration::from_secs(1000 * 365 * 24 * 3600);

/// Integers above this limit (2^53) can lose digits when they are read as floating-point numbers.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// A cache for the results of one tool, keyed by arguments.
///
/// `#[tool(cache = "5m")]` creates a cache. In a handwritten implementation, set [`Tool::CACHE`](super::Tool::CACHE)
/// to a reference to a static.
///
/// The cache belongs to the program and is shared by every run of every agent. Use it for tools whose results depend
/// only on their arguments. It stores up to 4 MiB of results.
///
/// One of several concurrent calls with equal arguments runs, and the others receive its result. Errors are not cached:
/// only the waiting calls receive them. If the running call is cancelled, one of the waiting calls runs instead.
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
    results: OnceLock<Results>,
}

#[derive(Debug)]
struct Results {
    stored: Cache<String, ToolResult>,
    in_flight: SingleFlight<String, ToolResult>,
}

impl ToolCache {
    /// Creates a cache whose results expire after `lifetime`.
    pub const fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            results: OnceLock::new(),
        }
    }

    /// Removes all results. The results of calls that are currently running are not stored.
    pub fn clear(&self) {
        let results = self.results();
        results.in_flight.clear();
        results.stored.invalidate_all();
    }

    /// Returns `true` if the cache contains no results.
    pub fn is_empty(&self) -> bool {
        self.results.get().is_none_or(|results| {
            results.stored.run_pending_tasks();
            results.stored.entry_count() == 0
        })
    }

    /// Normalizes arguments into a key: removes whitespace and sorts the fields, so that equivalent calls share a
    /// result.
    pub(super) fn key(arguments: &str) -> String {
        let text = decode::text_of(arguments).unwrap_or_default();
        match serde_json::from_str::<Value>(text) {
            Ok(arguments) if is_inexact(&arguments) => text.to_owned(),
            Ok(mut arguments) => {
                arguments.sort_all_objects();
                arguments.to_string()
            }
            // Unreachable: the arguments are decoded before the lookup.
            Err(_) => text.to_owned(),
        }
    }

    /// Returns the stored result for `key`, waits for an equal call, or makes the call. Marks the result in `run` unless
    /// this call made it.
    pub(super) async fn get_or_call(
        &self,
        key: String,
        call: impl Future<Output = ToolResult>,
        run: &RunContext,
    ) -> ToolResult {
        let Results { stored, in_flight } = self.results();
        if let Some(result) = stored.get(&key) {
            run.set_cached();
            return result;
        }
        let mut leader = match in_flight.join(&key).await {
            Role::Follower(result) => {
                run.set_cached();
                return result;
            }
            Role::Nested => return call.await,
            Role::Leader(leader) => leader,
        };
        // Another call may have stored its result since the first lookup.
        if let Some(result) = stored.get(&key) {
            leader.land(result.clone());
            run.set_cached();
            return result;
        }
        let result = leader.drive(call).await;
        if result.is_error {
            leader.land_failure(|| result.clone());
        } else {
            stored.insert(key.clone(), result.clone());
            if !leader.land(result.clone()) {
                // The cache was cleared during the call.
                stored.invalidate(&key);
            }
        }
        result
    }

    fn results(&self) -> &Results {
        self.results.get_or_init(|| {
            let stored = Cache::builder()
                .time_to_live(self.lifetime.min(MAX_LIFETIME))
                .max_capacity(MAX_BYTES)
                .weigher(|key: &String, result: &ToolResult| {
                    let written = serde_json::to_string(result).map_or(0, |text| text.len());
                    u32::try_from(key.len() + written).unwrap_or(u32::MAX)
                })
                .build();
            Results {
                stored,
                in_flight: SingleFlight::default(),
            }
        })
    }
}

/// Returns `true` if parsing may have changed a number in the arguments.
fn is_inexact(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            number.is_f64() && number.as_f64().is_none_or(|number| number.abs() >= MAX_EXACT)
        }
        Value::Array(items) => items.iter().any(is_inexact),
        Value::Object(fields) => fields.values().any(is_inexact),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

impl fmt::Debug for ToolCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolCache")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}
