//! The part of a session that a program needs, and the session that a store returns.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{StoredEntry, Summary, Version};
use crate::session::Window;

/// The part of a session's log that a program needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    messages: Option<u64>,
    tokens: Option<u64>,
    without_damaged: bool,
}

impl Need {
    /// Only the head of the session, without entries.
    pub const HEAD: Self = Self::messages(0);

    /// All entries after the newest summary.
    pub const ALL: Self = Self {
        messages: None,
        tokens: None,
        without_damaged: false,
    };

    /// The newest entries that together have at least this many messages, but none that the newest summary covers.
    pub const fn messages(messages: u64) -> Self {
        Self {
            messages: Some(messages),
            tokens: None,
            without_damaged: false,
        }
    }

    /// The newest entries that fill a window.
    pub fn window(window: Window) -> Self {
        // With one message more, the window sees whether the entire conversation fits.
        let more = |count: usize| u64::try_from(count).unwrap_or(u64::MAX).saturating_add(1);
        Self {
            messages: window.max_messages().map(more),
            tokens: window.max_tokens().map(more),
            without_damaged: false,
        }
    }

    /// Returns `true` if entries with this many messages and estimated tokens are enough.
    pub const fn is_met(self, messages: u64, tokens: u64) -> bool {
        matches!(self.messages, Some(needed) if messages >= needed)
            || matches!(self.tokens, Some(needed) if tokens >= needed)
    }

    /// Skips damaged entries. By default, they are an error.
    #[must_use]
    pub const fn without_damaged(mut self) -> Self {
        self.without_damaged = true;
        self
    }

    /// Returns `true` if damaged entries are skipped.
    pub const fn skips_damaged(self) -> bool {
        self.without_damaged
    }
}

/// A session as a store returns it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OpenedSession {
    /// The version.
    pub version: Version,
    /// The time when the session was created, in milliseconds since the Unix epoch; 0 if it does not exist.
    pub created_millis: u64,
    /// The time of the last entry, in milliseconds since the Unix epoch; 0 if the session does not exist.
    pub updated_millis: u64,
    /// The title, if the session has one.
    pub title: Option<String>,
    /// The state after the newest entry that has one, as JSON.
    pub state: Option<Arc<[u8]>>,
    /// The newest summary.
    pub summary: Option<Summary>,
    /// The entries, oldest first.
    pub entries: Vec<StoredEntry>,
    /// The versions of the damaged entries that were skipped.
    pub damaged: Vec<Version>,
}

impl OpenedSession {
    /// A session that does not exist.
    pub const NEW: Self = Self {
        version: Version::NEW,
        created_millis: 0,
        updated_millis: 0,
        title: None,
        state: None,
        summary: None,
        entries: Vec::new(),
        damaged: Vec::new(),
    };

    /// Returns `true` if the session has ever had an entry.
    pub fn exists(&self) -> bool {
        self.version != Version::NEW
    }

    /// Returns the time when the session was created.
    pub fn created_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.created_millis)
    }

    /// Returns the time of the last entry.
    pub fn updated_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.updated_millis)
    }
}
