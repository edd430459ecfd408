//! Leases, which give one program the exclusive use of a session for a limited time, and the clock by which they expire.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{StoreError, StoreErrorKind};
use crate::id::RunId;

/// The lease of a session. Appends of programs without its token fail until it expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// The token, which identifies the holder.
    pub token: LeaseToken,
    /// The time at which the lease expires, by the clock of the store.
    pub expires: SystemTime,
}

impl Lease {
    /// Creates a lease.
    pub const fn new(token: LeaseToken, expires: SystemTime) -> Self {
        Self { token, expires }
    }
}

/// The token of a [`Lease`]. Its text has 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeaseToken(RunId);

impl LeaseToken {
    /// Creates a new token.
    #[expect(clippy::new_without_default, reason = "each token is different")]
    pub fn new() -> Self {
        Self(RunId::new())
    }
}

impl fmt::Display for LeaseToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for LeaseToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeaseToken({self})")
    }
}

impl FromStr for LeaseToken {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        text.parse().map(Self).map_err(|error| {
            StoreError::new(
                StoreErrorKind::Invalid,
                "the token of a lease has 32 hexadecimal digits",
            )
            .with_source(error)
        })
    }
}

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
