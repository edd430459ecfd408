//! Stores of sessions: the log of a session's runs, which outlives the program.
//!
//! A session in a store is an append-only log of [entries](Entry), one for each run, with an integer [`Version`] that each
//! entry increases by one. A store never merges: an entry for an outdated version is not appended, and the
//! [error](StoreError::entry) contains the entry. Appending does not read the log, and [opening](SessionStore::open) a session
//! reads only as many of its newest entries as the [`Need`] states, so both take the same time for long sessions.
//!
//! A [`SessionKey`] consists of an [owner](crate::session::Owner) and an ID. No operation works without an owner, and the
//! sessions of other owners look as if they did not exist.
//!
//! [`MemoryStore`] keeps sessions in memory, and [`FileStore`] in a directory of JSON Lines files.

mod body;
mod entry;
mod erased;
mod error;
mod files;
mod key;
mod lease;
mod limits;
mod list;
mod locks;
mod log;
mod memory;
mod need;
mod stored_session;
mod version;

pub use body::{checksum, contains_text};
pub use entry::{Entry, EntryId, EntryStatus, StoredEntry, Summary};
pub use erased::DynSessionStore;
pub use error::{StoreError, StoreErrorKind};
pub use files::FileStore;
pub use key::SessionKey;
pub use lease::{Clock, Lease, LeaseToken, SystemClock};
pub use limits::StoreLimits;
pub use list::{Cursor, Page, Pruned, Removed, Retention, SessionInfo, SessionPage};
pub use locks::{SessionGuard, SessionLocks};
pub use memory::MemoryStore;
pub use need::{Need, OpenedSession};
pub use stored_session::{Ending, StoredSession};
pub use version::{Append, Version};

use std::future::Future;
use std::time::Duration;

use crate::session::Owner;

/// A result of a store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A store of sessions.
///
/// A store must pass the public suite of tests in `agno::testing::store` (feature `testing`).
///
/// ```
/// use agno::session::Owner;
/// use agno::store::{Append, Entry, MemoryStore, Need, SessionKey, SessionStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = MemoryStore::new();
/// let key = SessionKey::new(Owner::new("user-17")?, "s-1")?;
///
/// let opened = store.open(&key, Need::messages(40)).await?;
/// assert!(!opened.exists());
///
/// let entry = Entry::from_messages(["Hi".into()])?;
/// let version = store.append(&key, Append::at(opened.version), entry).await?;
/// assert_eq!(store.open(&key, Need::messages(40)).await?.version, version);
/// # Ok(())
/// # }
/// ```
pub trait SessionStore: Send + Sync {
    /// Returns the locks that order the runs of a session within this process. Clones of a store share them.
    fn locks(&self) -> &SessionLocks;

    /// Opens a session: reads its head, its newest summary, and as many of its newest entries as `need` states. A session
    /// that does not exist is empty, with [`Version::NEW`].
    ///
    /// An entry whose run was stored again later is not returned.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Damaged`](StoreErrorKind::Damaged) for the first damaged entry, unless
    /// [`Need::without_damaged`] skips such entries.
    fn open(&self, key: &SessionKey, need: Need) -> impl Future<Output = Result<OpenedSession>> + Send;

    /// Appends an entry in one transaction, and returns the new version. Appending to [`Version::NEW`] creates the session.
    /// If the log already contains an entry with the same ID, nothing changes, and the result is the version at which that
    /// entry was appended.
    ///
    /// # Errors
    ///
    /// Returns an error that contains the [entry](StoreError::entry): of kind [`Conflict`](StoreErrorKind::Conflict) if the session has another
    /// version, [`Leased`](StoreErrorKind::Leased) if another program holds its lease, or [`Limit`](StoreErrorKind::Limit).
    fn append(
        &self,
        key: &SessionKey,
        append: Append,
        entry: Entry,
    ) -> impl Future<Output = Result<Version>> + Send;

    /// Stores a summary of all entries up to a version, beside the log. The version of the session does not change.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Conflict`](StoreErrorKind::Conflict) if the session does not have these entries yet, or if
    /// a summary of more entries is already stored, [`NotFound`](StoreErrorKind::NotFound) if the session does not exist, or
    /// [`Limit`](StoreErrorKind::Limit).
    fn summarize(&self, key: &SessionKey, summary: Summary) -> impl Future<Output = Result<()>> + Send;

    /// Returns a page of an owner's sessions, newest first. Sessions that are created while a program reads the pages do
    /// not move the others to another page.
    fn list(&self, owner: &Owner, page: Page) -> impl Future<Output = Result<SessionPage>> + Send;

    /// Returns a page of an owner's sessions whose title or messages contain the text, regardless of case, newest first.
    fn search(
        &self,
        owner: &Owner,
        text: &str,
        page: Page,
    ) -> impl Future<Output = Result<SessionPage>> + Send;

    /// Copies the entries of a session up to a version into a new session of the same owner, with the title, the state at
    /// that version, and the newest summary if it covers no later entry. The copies keep their versions and times.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Exists`](StoreErrorKind::Exists) if a session with the new ID exists,
    /// [`NotFound`](StoreErrorKind::NotFound) if the session or the version does not exist,
    /// [`InvalidId`](StoreErrorKind::InvalidId) if the new ID is empty or too long, or [`Limit`](StoreErrorKind::Limit).
    fn fork(
        &self,
        key: &SessionKey,
        through: Version,
        new_id: &str,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Sets the title of a session, or removes it.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`NotFound`](StoreErrorKind::NotFound) if the session does not exist, or
    /// [`Limit`](StoreErrorKind::Limit) if the title is longer than [`StoreLimits::MAX_TITLE_BYTES`].
    fn rename(&self, key: &SessionKey, title: Option<&str>) -> impl Future<Output = Result<()>> + Send;

    /// Deletes a session. Returns `false` if it did not exist.
    fn delete(&self, key: &SessionKey) -> impl Future<Output = Result<bool>> + Send;

    /// Deletes everything that an owner has in the store.
    fn erase(&self, owner: &Owner) -> impl Future<Output = Result<Removed>> + Send;

    /// Deletes the oldest entries of an owner's sessions. The newest summary of each session stays, and so does its version.
    fn prune(&self, owner: &Owner, retention: Retention) -> impl Future<Output = Result<Pruned>> + Send;

    /// Takes the lease of a session, which excludes all other programs until it expires. The session need not exist.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Leased`](StoreErrorKind::Leased) if another program holds the lease.
    fn lease(&self, key: &SessionKey, duration: Duration) -> impl Future<Output = Result<Lease>> + Send;

    /// Extends a lease, so that it expires this long after now.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Leased`](StoreErrorKind::Leased) if the lease expired and another program took it, and
    /// [`NotFound`](StoreErrorKind::NotFound) if it was released.
    fn renew(
        &self,
        key: &SessionKey,
        token: LeaseToken,
        duration: Duration,
    ) -> impl Future<Output = Result<Lease>> + Send;

    /// Releases a lease. Releasing one that is no longer held has no effect.
    fn release(&self, key: &SessionKey, token: LeaseToken) -> impl Future<Output = Result<()>> + Send;
}
