//! The store.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use agno::session::Owner;
use agno::store::{
    Append, Clock, Cursor, Entry, Lease, LeaseToken, Need, OpenedSession, Page, Pruned, Removed, Result,
    Retention, SessionKey, SessionLocks, SessionPage, SessionStore, StoreError, StoreErrorKind, StoreLimits,
    Summary, Version,
};
use rusqlite::Connection;
use tokio::sync::mpsc;

use crate::connection::{self, Location};
use crate::failure::Outcome;
use crate::worker::{self, After, Alive, Jobs};
use crate::{Options, lease, read, write};

/// A store of sessions in an SQLite database. Clones share its connections.
///
/// When the last clone is dropped, the threads finish the waiting writes and close the file in the background;
/// [`close`](Self::close) waits for them. Open a file only once per program and clone the store: the
/// [locks](SessionStore::locks), which order the runs of a session, belong to the opened store.
#[derive(Clone)]
pub struct Sqlite {
    shared: Arc<Shared>,
}

struct Shared {
    locks: SessionLocks,
    limits: StoreLimits,
    clock: Arc<dyn Clock>,
    vacuum_on_erase: bool,
    location: Location,
    /// `None` if the store is read-only.
    writer: Option<Jobs>,
    /// `None` for a database in memory, which belongs to one connection.
    readers: Option<Jobs>,
    ended: mpsc::Receiver<()>,
}

impl Sqlite {
    /// Opens a file with the default [`Options`], and creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Options::open`].
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::options().open(path).await
    }

    /// Returns the default options.
    pub fn options() -> Options {
        Options::new()
    }

    /// Creates a database in memory, which its last clone deletes. Reads and writes use the same connection.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no memory or no thread left.
    pub async fn in_memory() -> Result<Self> {
        Self::options().in_memory().await
    }

    /// Waits until the other threads have finished their work and closed the file. Has no effect if there are other clones.
    pub async fn close(self) {
        if let Some(shared) = Arc::into_inner(self.shared) {
            let Shared {
                writer,
                readers,
                mut ended,
                ..
            } = shared;
            drop((writer, readers));
            while ended.recv().await.is_some() {}
        }
    }

    /// Rewrites the file, which removes all deleted data and makes the file smaller. No other write takes effect in the
    /// meantime, and the disk needs space for a copy of the file.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Unavailable`](StoreErrorKind::Unavailable) if another program reads the file for longer
    /// than the busy timeout, or [`Full`](StoreErrorKind::Full).
    pub async fn vacuum(&self) -> Result<()> {
        worker::call(self.writer()?, After::Vacuum, |_| Ok(())).await
    }

    pub(crate) async fn start(location: Location, options: Options) -> Result<Self> {
        let (alive, ended) = mpsc::channel(1);
        let (writer, readers) = match (&location, options.read_only) {
            (Location::Memory, _) => (Some(start_writer(&location, &options, &alive).await?), None),
            (Location::File(_), false) => {
                // The readers need a file with tables.
                let writer = start_writer(&location, &options, &alive).await?;
                let readers = start_readers(&location, &options, &alive, connection::reader).await?;
                (Some(writer), Some(readers))
            }
            (Location::File(_), true) => {
                let readers = start_readers(&location, &options, &alive, connection::read_only).await?;
                (None, Some(readers))
            }
        };
        let shared = Shared {
            locks: SessionLocks::new(),
            limits: options.limits,
            clock: options.clock,
            vacuum_on_erase: options.vacuum_on_erase,
            location,
            writer,
            readers,
            ended,
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    fn writer(&self) -> Result<&Jobs> {
        self.shared.writer.as_ref().ok_or_else(|| {
            StoreError::new(
                StoreErrorKind::ReadOnly,
                "the store was opened with `Options::read_only`; open it without",
            )
        })
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        worker::call(self.writer()?, After::Nothing, work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        match &self.shared.readers {
            Some(readers) => worker::call(readers, After::Nothing, work).await,
            None => self.write(work).await,
        }
    }

    /// Returns a function that reads the clock, for the thread that writes.
    fn now(&self) -> impl Fn() -> u64 + Send + 'static {
        let clock = Arc::clone(&self.shared.clock);
        move || clock.unix_millis().min(i64::MAX.unsigned_abs())
    }
}

async fn start_writer(location: &Location, options: &Options, alive: &Alive) -> Result<Jobs> {
    let (location, options) = (location.clone(), options.clone());
    worker::start_writer(alive.clone(), move || connection::writer(&location, &options)).await
}

async fn start_readers(
    location: &Location,
    options: &Options,
    alive: &Alive,
    connect: fn(&Location, &Options) -> Outcome<Connection>,
) -> Result<Jobs> {
    let (location, opened) = (location.clone(), options.clone());
    worker::start_readers(options.readers, alive, move || connect(&location, &opened)).await
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite")
            .field("location", &self.shared.location)
            .field("limits", &self.shared.limits)
            .finish_non_exhaustive()
    }
}

impl SessionStore for Sqlite {
    fn locks(&self) -> &SessionLocks {
        &self.shared.locks
    }

    async fn open(&self, key: &SessionKey, need: Need) -> Result<OpenedSession> {
        let key = key.clone();
        self.read(move |connection| read::open(connection, &key, need))
            .await
    }

    async fn append(&self, key: &SessionKey, append: Append, entry: Entry) -> Result<Version> {
        let (key, limits, now) = (key.clone(), self.shared.limits, self.now());
        // The clone shares the body.
        let appended = entry.clone();
        self.write(move |connection| write::append(connection, &key, append, &appended, limits, now()))
            .await
            .map_err(|error| error.with_entry(entry))
    }

    async fn summarize(&self, key: &SessionKey, summary: Summary) -> Result<()> {
        let (key, limits) = (key.clone(), self.shared.limits);
        self.write(move |connection| write::summarize(connection, &key, &summary, limits))
            .await
    }

    async fn list(&self, owner: &Owner, page: Page) -> Result<SessionPage> {
        let owner = owner.clone();
        self.read(move |connection| read::list(connection, &owner, page))
            .await
    }

    async fn search(&self, owner: &Owner, text: &str, page: Page) -> Result<SessionPage> {
        let limit = page.limit() as usize;
        let mut found = Vec::new();
        let mut before = page.cursor().map_or(u64::MAX, Cursor::number);
        // One more session shows whether there is another page.
        while found.len() <= limit {
            let (owner, text, missing) = (owner.clone(), text.to_owned(), limit + 1 - found.len());
            let part = self
                .read(move |connection| read::search(connection, &owner, &text, before, missing))
                .await?;
            found.extend(part.found);
            match part.last {
                Some(last) => before = last,
                None => break,
            }
        }
        let has_more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().map(|(number, _)| Cursor::from_number(*number));
        let sessions = found.into_iter().map(|(_, info)| info).collect();
        Ok(SessionPage::new(sessions, last.filter(|_| has_more)))
    }

    async fn fork(&self, key: &SessionKey, through: Version, new_id: &str) -> Result<()> {
        let new = key.with_id(new_id)?;
        let (key, limits, now) = (key.clone(), self.shared.limits, self.now());
        self.write(move |connection| write::fork(connection, &key, through, &new, limits, now()))
            .await
    }

    async fn rename(&self, key: &SessionKey, title: Option<&str>) -> Result<()> {
        StoreLimits::check_title(title)?;
        let (key, title) = (key.clone(), title.map(ToOwned::to_owned));
        self.write(move |connection| write::rename(connection, &key, title.as_deref()))
            .await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool> {
        let key = key.clone();
        self.write(move |connection| write::delete(connection, &key))
            .await
    }

    async fn erase(&self, owner: &Owner) -> Result<Removed> {
        let owner = owner.clone();
        let after = match self.shared.vacuum_on_erase {
            true => After::Vacuum,
            false => After::Checkpoint,
        };
        let erase = move |connection: &Connection| write::erase(connection, &owner);
        worker::call(self.writer()?, after, erase).await
    }

    async fn prune(&self, owner: &Owner, retention: Retention) -> Result<Pruned> {
        let owner = owner.clone();
        self.write(move |connection| write::prune(connection, &owner, retention))
            .await
    }

    async fn lease(&self, key: &SessionKey, duration: Duration) -> Result<Lease> {
        let (key, now) = (key.clone(), self.now());
        self.write(move |connection| lease::take(connection, &key, duration, now()))
            .await
    }

    async fn renew(&self, key: &SessionKey, token: LeaseToken, duration: Duration) -> Result<Lease> {
        let (key, now) = (key.clone(), self.now());
        self.write(move |connection| lease::renew(connection, &key, token, duration, now()))
            .await
    }

    async fn release(&self, key: &SessionKey, token: LeaseToken) -> Result<()> {
        let key = key.clone();
        self.write(move |connection| lease::release(connection, &key, token))
            .await
    }
}
