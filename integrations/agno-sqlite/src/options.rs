//! The options of a store.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use agno::store::{Clock, Result, StoreLimits, SystemClock};

use crate::Sqlite;
use crate::connection::Location;

/// The options with which a [`Sqlite`] store is opened.
///
/// ```
/// use std::time::Duration;
///
/// use agno::store::StoreLimits;
/// use agno_sqlite::{Sqlite, Synchronous};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("app.db");
/// let store = Sqlite::options()
///     .limits(StoreLimits::DEFAULT.with_max_sessions(1_000))
///     .synchronous(Synchronous::Full)
///     .busy_timeout(Duration::from_secs(10))
///     .open(&path)
///     .await?;
/// # store.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "options have no effect until `open` is called"]
pub struct Options {
    pub(crate) limits: StoreLimits,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) readers: usize,
    pub(crate) busy_timeout: Duration,
    pub(crate) synchronous: Synchronous,
    pub(crate) read_only: bool,
    pub(crate) vacuum_on_erase: bool,
    pub(crate) max_page_count: Option<u32>,
}

/// The writes that a power failure can undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Synchronous {
    /// The last writes: SQLite waits for the disk only when it moves pages from the write-ahead log into the file. The end of
    /// the program undoes nothing, and the file is never damaged. This is the default.
    #[default]
    Normal,
    /// None: SQLite waits for the disk in each transaction.
    Full,
}

impl Options {
    /// Maximum number of threads that read.
    pub const MAX_READERS: usize = 64;

    /// Returns the defaults: [`StoreLimits::DEFAULT`], the clock of the system, 2 readers, a busy timeout of 5 seconds,
    /// [`Synchronous::Normal`].
    pub fn new() -> Self {
        Self {
            limits: StoreLimits::DEFAULT,
            clock: Arc::new(SystemClock),
            readers: 2,
            busy_timeout: Duration::from_secs(5),
            synchronous: Synchronous::Normal,
            read_only: false,
            vacuum_on_erase: true,
            max_page_count: None,
        }
    }

    /// Sets the limits of each owner.
    pub const fn limits(mut self, limits: StoreLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the clock.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the number of threads that read, 1 to [`MAX_READERS`](Self::MAX_READERS); other numbers are replaced by the
    /// nearest of these. Each has its own connection.
    pub fn readers(mut self, readers: usize) -> Self {
        self.readers = readers.clamp(1, Self::MAX_READERS);
        self
    }

    /// Sets the time to wait for other programs that write to the file. After it, an operation fails with an error of kind
    /// [`Unavailable`](agno::store::StoreErrorKind::Unavailable).
    pub const fn busy_timeout(mut self, busy_timeout: Duration) -> Self {
        self.busy_timeout = busy_timeout;
        self
    }

    /// Sets the writes that a power failure can undo.
    pub const fn synchronous(mut self, synchronous: Synchronous) -> Self {
        self.synchronous = synchronous;
        self
    }

    /// Opens the file without changing it. Every write is an error of kind
    /// [`ReadOnly`](agno::store::StoreErrorKind::ReadOnly).
    ///
    /// SQLite requires the file with the suffix `-shm`, or permission to create it.
    pub const fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = read_only;
        self
    }

    /// Sets whether [`erase`](agno::store::SessionStore::erase) rewrites the file, which takes a time proportional to its
    /// size. By default it does. Without it, unused parts of pages can contain data of an erased owner until
    /// [`Sqlite::vacuum`] is called.
    pub const fn vacuum_on_erase(mut self, vacuum_on_erase: bool) -> Self {
        self.vacuum_on_erase = vacuum_on_erase;
        self
    }

    /// Sets the maximum number of pages of the file, for tests of a full disk.
    #[doc(hidden)]
    pub const fn max_page_count(mut self, pages: u32) -> Self {
        self.max_page_count = Some(pages);
        self
    }

    /// Opens a file, and creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`NewerFormat`](agno::store::StoreErrorKind::NewerFormat) for a file of a later format,
    /// [`ReadOnly`](agno::store::StoreErrorKind::ReadOnly) for a file that cannot be written,
    /// [`Damaged`](agno::store::StoreErrorKind::Damaged) for a file that is not a database,
    /// [`Invalid`](agno::store::StoreErrorKind::Invalid) for a database of other software, or
    /// [`Unavailable`](agno::store::StoreErrorKind::Unavailable) if the file cannot be opened.
    pub async fn open(self, path: impl AsRef<Path>) -> Result<Sqlite> {
        Sqlite::start(Location::file(path.as_ref())?, self).await
    }

    /// Creates a database in memory; see [`Sqlite::in_memory`]. The options that concern files have no effect.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no memory or no thread left.
    pub async fn in_memory(self) -> Result<Sqlite> {
        Sqlite::start(Location::Memory, self).await
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("limits", &self.limits)
            .field("readers", &self.readers)
            .field("busy_timeout", &self.busy_timeout)
            .field("synchronous", &self.synchronous)
            .field("read_only", &self.read_only)
            .field("vacuum_on_erase", &self.vacuum_on_erase)
            .finish_non_exhaustive()
    }
}
