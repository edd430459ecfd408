//! The error of a store.

use std::error::Error;
use std::fmt;

use super::{Entry, Version};

/// An error of a store. Its text contains no messages and no names of owners.
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    current: Option<Version>,
    entry: Option<Box<Entry>>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The kind of a [`StoreError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The session has another version: another run was appended in the meantime. [`StoreError::current_version`] is the
    /// version that it has. Open the session again, and decide what to do with the entry, which was not appended.
    Conflict,
    /// Another program holds the lease of the session.
    Leased,
    /// The session or the version does not exist, or belongs to another owner.
    NotFound,
    /// A session with this ID exists.
    Exists,
    /// The ID of a session is empty or too long.
    InvalidId,
    /// A limit of the store is exceeded; see [`StoreLimits`](super::StoreLimits).
    Limit,
    /// An entry cannot be read. The message names the session and the version of the entry. The other entries and sessions
    /// can still be read.
    Damaged,
    /// A later release of agno wrote the data.
    NewerFormat,
    /// The store is read-only.
    ReadOnly,
    /// There is no space left.
    Full,
    /// The store cannot be reached or is overloaded. Whether the operation took effect is unknown; appending the same entry
    /// again is safe.
    Unavailable,
    /// Data cannot be converted, such as a typed state of another type.
    Invalid,
    /// Another error, described by the [source](Error::source).
    Other,
}

impl StoreError {
    /// Creates an error.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            current: None,
            entry: None,
            source: None,
        }
    }

    /// Creates an error of kind [`Conflict`](StoreErrorKind::Conflict).
    pub fn conflict(expected: Version, current: Version) -> Self {
        let message = format!(
            "the session has version {current}, not {expected}, because another run was appended in the meantime; open the session again"
        );
        Self {
            current: Some(current),
            ..Self::new(StoreErrorKind::Conflict, message)
        }
    }

    /// Creates an error of kind [`Damaged`](StoreErrorKind::Damaged) for the entry with this version of a session.
    pub fn damaged(session: &str, version: Version) -> Self {
        // IDs can be long; the start identifies the session.
        let session: String = session.chars().take(64).collect();
        Self::new(
            StoreErrorKind::Damaged,
            format!(
                "entry {version} of the session `{session}` is damaged; read the other entries with `Need::without_damaged`, or delete the session"
            ),
        )
    }

    /// Sets the error that caused this error.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Sets the entry that was not appended, so that no run is lost.
    #[must_use]
    pub fn with_entry(mut self, entry: Entry) -> Self {
        self.entry = Some(Box::new(entry));
        self
    }

    /// Returns the entry that was not appended.
    pub fn entry(&self) -> Option<&Entry> {
        self.entry.as_deref()
    }

    /// Converts the error into the entry that was not appended.
    pub fn into_entry(self) -> Option<Entry> {
        self.entry.map(|entry| *entry)
    }

    /// Returns the kind.
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Returns the version that the session has, for an error of kind [`Conflict`](StoreErrorKind::Conflict).
    pub const fn current_version(&self) -> Option<Version> {
        self.current
    }
}

impl From<StoreError> for crate::run::Error {
    fn from(error: StoreError) -> Self {
        Self::new(crate::run::ErrorKind::Store, error.to_string()).with_source(error)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
