//! The clock of the stores under test.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::store::Clock;

/// A clock that only moves when a test moves it, forward or backward. Clones show the same time.
///
/// ```
/// use std::time::Duration;
///
/// use agno::store::Clock;
/// use agno::testing::store::TestClock;
///
/// let clock = TestClock::new();
/// let start = clock.unix_millis();
/// clock.advance(Duration::from_secs(2));
/// clock.rewind(Duration::from_secs(1));
/// assert_eq!(clock.unix_millis(), start + 1000);
/// ```
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicU64>);

impl TestClock {
    /// Creates a clock that shows a time in November 2023.
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_700_000_000_000)))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::SeqCst);
    }

    /// Moves the clock backward.
    pub fn rewind(&self, by: Duration) {
        self.0.fetch_sub(millis(by), Ordering::SeqCst);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn unix_millis(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
