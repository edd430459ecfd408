//! Lists of sessions, and the numbers of what was deleted.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{StoreError, StoreErrorKind, Version};
use crate::model::Usage;

/// A request for a page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    after: Option<Cursor>,
    limit: u32,
}

impl Page {
    /// Maximum number of sessions on a page.
    pub const MAX_LIMIT: u32 = 1000;

    /// The first page, with at most this many sessions, which must be 1 to [`MAX_LIMIT`](Self::MAX_LIMIT); other numbers
    /// are replaced by the nearest of these.
    pub const fn first(limit: u32) -> Self {
        let limit = if limit < 1 {
            1
        } else if limit > Self::MAX_LIMIT {
            Self::MAX_LIMIT
        } else {
            limit
        };
        Self { after: None, limit }
    }

    /// Starts after a cursor, which is the end of the previous page.
    #[must_use]
    pub const fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// Returns the cursor.
    pub const fn cursor(self) -> Option<Cursor> {
        self.after
    }

    /// Returns the maximum number of sessions.
    pub const fn limit(self) -> u32 {
        self.limit
    }
}

/// A position in a list of sessions. Its text is a decimal number.
///
/// A store numbers sessions in the order in which they were created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(u64);

impl Cursor {
    /// Creates a cursor from the number of a session. A store uses it.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number of the last session on the page.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Cursor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        text.parse().map(Self).map_err(|error| {
            StoreError::new(
                StoreErrorKind::Invalid,
                "the cursor is not a number; pass one that a page returned",
            )
            .with_source(error)
        })
    }
}

/// A page of a list of sessions.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct SessionPage {
    /// The sessions, newest first.
    pub sessions: Vec<SessionInfo>,
    /// The cursor for the next page, or `None` if this is the last page.
    pub next: Option<Cursor>,
}

impl SessionPage {
    /// Creates a page.
    pub const fn new(sessions: Vec<SessionInfo>, next: Option<Cursor>) -> Self {
        Self { sessions, next }
    }
}

/// The properties of a session in a list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The ID.
    pub id: String,
    /// The title, if the session has one.
    pub title: Option<String>,
    /// The version.
    pub version: Version,
    /// The tokens that all runs of the session used, including those that were pruned.
    pub usage: Usage,
    /// The number of bytes of the session's entries.
    pub bytes: u64,
    /// The time when the session was created, in milliseconds since the Unix epoch.
    pub created_millis: u64,
    /// The time of the last entry, in milliseconds since the Unix epoch.
    pub updated_millis: u64,
}

impl SessionInfo {
    /// Creates the properties of a session from its ID and its version.
    pub fn new(id: impl Into<String>, version: Version) -> Self {
        Self {
            id: id.into(),
            title: None,
            version,
            usage: Usage::default(),
            bytes: 0,
            created_millis: 0,
            updated_millis: 0,
        }
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

/// The entries that [`SessionStore::prune`](super::SessionStore::prune) keeps. It deletes an entry only if no rule keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    newest: u64,
    since_millis: Option<u64>,
}

impl Retention {
    /// Keeps this many of the newest entries of each session.
    pub const fn newest(entries: u64) -> Self {
        Self {
            newest: entries,
            since_millis: None,
        }
    }

    /// Keeps all entries that were appended at this time or later.
    #[must_use]
    pub fn or_since(mut self, time: SystemTime) -> Self {
        let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.since_millis = Some(super::lease::millis(since_epoch));
        self
    }

    /// Returns the number of entries that are kept.
    pub const fn newest_count(self) -> u64 {
        self.newest
    }

    /// Returns the time since when all entries are kept, in milliseconds since the Unix epoch.
    pub const fn since_millis(self) -> Option<u64> {
        self.since_millis
    }
}

/// The number of entries that were pruned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Pruned {
    /// The number of entries.
    pub entries: u64,
    /// The number of bytes.
    pub bytes: u64,
}

impl Pruned {
    /// Creates the result.
    pub const fn new(entries: u64, bytes: u64) -> Self {
        Self { entries, bytes }
    }
}

/// The numbers of sessions and entries that [`SessionStore::erase`](super::SessionStore::erase) deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Removed {
    /// The number of sessions.
    pub sessions: u64,
    /// The number of entries.
    pub entries: u64,
}

impl Removed {
    /// Creates the result.
    pub const fn new(sessions: u64, entries: u64) -> Self {
        Self { sessions, entries }
    }
}
