//! Limits of a store, which bound what one owner can store.

use super::{Entry, StoreError, StoreErrorKind};

/// The limits of a store for each owner.
///
/// ```
/// use agno::store::{MemoryStore, StoreLimits};
///
/// let limits = StoreLimits::DEFAULT.with_max_sessions(100).with_max_bytes(10 << 20);
/// let store = MemoryStore::new().with_limits(limits);
/// # drop(store);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreLimits {
    /// Maximum number of sessions of an owner.
    pub max_sessions: u64,
    /// Maximum number of bytes of an owner's entries, summaries and states together.
    pub max_bytes: u64,
    /// Maximum number of bytes of one entry with its state.
    pub max_entry_bytes: u64,
}

impl StoreLimits {
    /// 100,000 sessions and 1 GiB for each owner, 64 MiB for each entry.
    pub const DEFAULT: Self = Self {
        max_sessions: 100_000,
        max_bytes: 1 << 30,
        max_entry_bytes: 64 << 20,
    };

    /// Sets the maximum number of sessions of an owner.
    #[must_use]
    pub const fn with_max_sessions(mut self, max_sessions: u64) -> Self {
        self.max_sessions = max_sessions;
        self
    }

    /// Sets the maximum number of bytes of an owner's entries, summaries and states together.
    #[must_use]
    pub const fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// Sets the maximum number of bytes of one entry with its state.
    #[must_use]
    pub const fn with_max_entry_bytes(mut self, max_entry_bytes: u64) -> Self {
        self.max_entry_bytes = max_entry_bytes;
        self
    }

    /// Maximum number of bytes of a title.
    pub const MAX_TITLE_BYTES: usize = 1024;

    /// Checks the length of a title. A store calls it before it sets the title of a session.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Limit`](StoreErrorKind::Limit) for a title of more than
    /// [`MAX_TITLE_BYTES`](Self::MAX_TITLE_BYTES).
    pub fn check_title(title: Option<&str>) -> Result<(), StoreError> {
        match title.map(str::len) {
            Some(bytes) if bytes > Self::MAX_TITLE_BYTES => Err(limit(format!(
                "the title has {bytes} bytes, more than {}; pass a shorter title",
                Self::MAX_TITLE_BYTES
            ))),
            _ => Ok(()),
        }
    }

    /// Checks the size of an entry.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Limit`](StoreErrorKind::Limit).
    pub fn check_entry(&self, entry: &Entry) -> Result<(), StoreError> {
        let bytes = entry.size();
        if bytes <= self.max_entry_bytes {
            return Ok(());
        }
        Err(limit(format!(
            "the entry has {bytes} bytes, more than {}; raise `max_entry_bytes`, or store large media elsewhere",
            self.max_entry_bytes
        )))
    }

    /// Checks the number of an owner's sessions, including a new one.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Limit`](StoreErrorKind::Limit).
    pub fn check_sessions(&self, sessions: u64) -> Result<(), StoreError> {
        if sessions <= self.max_sessions {
            return Ok(());
        }
        Err(limit(format!(
            "the owner has reached the limit of {} sessions; delete some, or raise `max_sessions`",
            self.max_sessions
        )))
    }

    /// Checks the number of an owner's bytes, including a new entry.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Limit`](StoreErrorKind::Limit).
    pub fn check_bytes(&self, bytes: u64) -> Result<(), StoreError> {
        if bytes <= self.max_bytes {
            return Ok(());
        }
        Err(limit(format!(
            "the sessions of the owner would have {bytes} bytes, more than {}; delete or prune some, or raise `max_bytes`",
            self.max_bytes
        )))
    }
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

fn limit(message: String) -> StoreError {
    StoreError::new(StoreErrorKind::Limit, message)
}
