//! The clock of a store.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The clock of a store, for the times of sessions and the expiry of leases. Tests replace it.
///
/// The clock may go backward: the times of a session never do, and no entry depends on them for its order.
pub trait Clock: Send + Sync {
    /// Returns the milliseconds since the Unix epoch.
    fn unix_millis(&self) -> u64;
}

/// The clock of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn unix_millis(&self) -> u64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        millis(since_epoch)
    }
}

/// Returns the duration in milliseconds, at most `i64::MAX`, which every database can store.
pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).map_or(MAX_MILLIS, |millis| millis.min(MAX_MILLIS))
}

pub(super) const MAX_MILLIS: u64 = i64::MAX.unsigned_abs();
