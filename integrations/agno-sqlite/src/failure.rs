//! Errors of SQLite as errors of a store.

use std::error::Error;

use agno::store::{StoreError, StoreErrorKind};
use rusqlite::ErrorCode;

/// A result of the code that runs on a connection.
pub(crate) type Outcome<T> = Result<T, Failure>;

/// An error of SQLite, or of a store.
#[derive(Debug)]
pub(crate) enum Failure {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error,
            Failure::Sqlite(error) => failed(&error).with_source(error),
        }
    }
}

impl Failure {
    /// Returns the error for one of several writes that failed together.
    pub(crate) fn shared(&self) -> StoreError {
        match self {
            Self::Sqlite(error) => failed(error).with_source(error.to_string()),
            Self::Store(error) => StoreError::new(error.kind(), error.to_string()),
        }
    }

    /// Returns `true` if the file or a part of it cannot be read.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            Self::Sqlite(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            ),
            Self::Store(error) => error.kind() == StoreErrorKind::Damaged,
        }
    }
}

/// Returns the error without its source. The messages of SQLite contain names of tables and columns, but no values.
fn failed(error: &rusqlite::Error) -> StoreError {
    use StoreErrorKind as Kind;
    let (kind, message) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            Kind::Unavailable,
            "another program is writing to the database; try again, or raise `busy_timeout`",
        ),
        Some(ErrorCode::ReadOnly) => (
            Kind::ReadOnly,
            "the database is read-only; change the permissions of the file and its directory, or open it with `Options::read_only`",
        ),
        Some(ErrorCode::DiskFull) => (
            Kind::Full,
            "the database cannot grow; free space on the disk, or delete sessions",
        ),
        Some(ErrorCode::DatabaseCorrupt) => (
            Kind::Damaged,
            "the database file is damaged; restore it from a backup",
        ),
        Some(ErrorCode::NotADatabase) => (
            Kind::Damaged,
            "the file is not an SQLite database; check its path, or restore it from a backup",
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
            Kind::Unavailable,
            "the database file cannot be opened; check that its directory exists and can be written",
        ),
        Some(ErrorCode::SystemIoFailure) => (
            Kind::Unavailable,
            "the database file could not be read or written; check the disk, and try again",
        ),
        Some(ErrorCode::TooBig) => (
            Kind::Limit,
            "the entry is too big for SQLite; store large media elsewhere",
        ),
        _ => (Kind::Other, "SQLite reported an error"),
    };
    StoreError::new(kind, message)
}

/// Returns the error for a store whose thread ended, because code on it panicked.
pub(crate) fn ended() -> StoreError {
    StoreError::new(
        StoreErrorKind::Unavailable,
        "a thread of the store has ended; open the store again",
    )
}

/// Returns the error for a session that does not exist.
pub(crate) fn not_found() -> StoreError {
    StoreError::new(
        StoreErrorKind::NotFound,
        "the owner has no session with this ID; append to it to create it",
    )
}

/// Returns an error of kind `Other`.
pub(crate) fn other(message: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
    StoreError::new(StoreErrorKind::Other, message).with_source(source)
}
