//! A store in files that people can read: one JSON Lines file for each entry.

mod layout;
mod owner;
mod record;
mod session;

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::log::{HeldLease, not_found};
use super::memory::{exists, lease};
use super::{
    Append, Clock, Entry, Lease, LeaseToken, Need, OpenedSession, Page, Pruned, Removed, Result, Retention,
    SessionKey, SessionLocks, SessionPage, SessionStore, StoreError, StoreErrorKind, StoreLimits, Summary,
    SystemClock, Version,
};
use crate::session::Owner;
use layout::{io_error, read_json, remove_directory, remove_unfinished, write_json};
use owner::OwnerDirectory;
use session::SessionDirectory;

/// The format of the directory.
const FORMAT: u32 = 1;

/// A store in a directory, for programs with few users and for development: each entry is a file of JSON Lines. Clones share
/// the store, and several processes can use the same directory.
///
/// Each entry is first written to a temporary file, and then linked to its name. The link is atomic and fails if the name
/// exists, so a reader never sees part of an entry, and of two processes that append at the same version, one gets an error.
/// The directory must be on a file system with hard links.
///
/// An append that returned is on the disk, unless [`with_sync`](Self::with_sync) turns that off. Listing and searching read
/// small files of each of the owner's sessions. For the limits of an owner, the appends of other processes count only after
/// some time. Deleted files may be recoverable from the disk.
///
/// ```no_run
/// use agno::session::Owner;
/// use agno::store::{FileStore, Page, SessionStore};
///
/// # async fn example() -> agno::store::Result<()> {
/// let store = FileStore::open("sessions").await?;
/// for session in store.list(&Owner::shared(), Page::first(20)).await?.sessions {
///     println!("{}: {} entries", session.id, session.version);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct FileStore {
    inner: Arc<Inner>,
    locks: SessionLocks,
}

#[derive(Clone)]
struct Inner {
    root: PathBuf,
    limits: StoreLimits,
    clock: Arc<dyn Clock>,
    sync: bool,
    totals: Arc<Mutex<HashMap<Owner, Totals>>>,
}

/// The totals of an owner, so that an append need not read all sessions to check the limits.
#[derive(Clone, Copy)]
struct Totals {
    sessions: u64,
    bytes: u64,
    /// The number of appends until the totals are determined again, because other processes append as well.
    left: u32,
}

/// The number of appends that use the same totals.
const APPENDS: u32 = 256;

/// The file `agno-store.json`.
#[derive(Serialize, Deserialize)]
struct Format {
    format: u32,
}

impl FileStore {
    /// Opens the store in a directory, which is created if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`NewerFormat`](StoreErrorKind::NewerFormat) if a later release of agno created the
    /// directory, or an error of the file system.
    pub async fn open(directory: impl AsRef<Path>) -> Result<Self> {
        let inner = Arc::new(Inner {
            root: directory.as_ref().to_owned(),
            limits: StoreLimits::DEFAULT,
            clock: Arc::new(SystemClock),
            sync: true,
            totals: Arc::default(),
        });
        run(&inner, Inner::prepare).await?;
        Ok(Self {
            inner,
            locks: SessionLocks::new(),
        })
    }

    /// Sets the limits.
    #[must_use]
    pub fn with_limits(mut self, limits: StoreLimits) -> Self {
        Arc::make_mut(&mut self.inner).limits = limits;
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        Arc::make_mut(&mut self.inner).clock = Arc::new(clock);
        self
    }

    /// Sets whether an append waits until the disk has the entry. Without it, an append is faster, and a power failure can
    /// lose the newest entries; a crash of the program cannot.
    #[must_use]
    pub fn with_sync(mut self, sync: bool) -> Self {
        Arc::make_mut(&mut self.inner).sync = sync;
        self
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore")
            .field("root", &self.inner.root)
            .field("limits", &self.inner.limits)
            .finish_non_exhaustive()
    }
}

/// Runs an operation on a thread for blocking work. It completes even if the future is dropped.
async fn run<T: Send + 'static>(
    inner: &Arc<Inner>,
    operation: impl FnOnce(&Inner) -> Result<T> + Send + 'static,
) -> Result<T> {
    let inner = Arc::clone(inner);
    match tokio::task::spawn_blocking(move || operation(&inner)).await {
        Ok(result) => result,
        Err(error) => Err(
            StoreError::new(StoreErrorKind::Unavailable, "the operation was interrupted").with_source(error),
        ),
    }
}

impl Inner {
    /// Creates the directory, or checks its format.
    fn prepare(&self) -> Result<()> {
        fs::create_dir_all(&self.root).map_err(io_error)?;
        let path = self.root.join("agno-store.json");
        match read_json::<Format>(&path)? {
            Some(Format { format }) if format > FORMAT => Err(StoreError::new(
                StoreErrorKind::NewerFormat,
                format!(
                    "the store has format {format}, and this release of agno reads formats up to {FORMAT}; update agno"
                ),
            )),
            Some(_) => Ok(()),
            None => {
                // Only now, because another process may be creating a directory in a store that exists.
                remove_unfinished(&self.root)?;
                write_json(&path, &Format { format: FORMAT }, self.sync)
            }
        }
    }

    fn owner(&self, owner: &Owner) -> Result<Option<OwnerDirectory>> {
        OwnerDirectory::find(&self.root, owner, self.sync)
    }

    fn create_owner(&self, owner: &Owner) -> Result<OwnerDirectory> {
        OwnerDirectory::create(&self.root, owner, self.sync)
    }

    fn session(&self, key: &SessionKey) -> Result<Option<SessionDirectory>> {
        match self.owner(key.owner())? {
            Some(owner) => owner.session(key.id()),
            None => Ok(None),
        }
    }

    fn existing(&self, key: &SessionKey) -> Result<SessionDirectory> {
        self.session(key)?.ok_or_else(not_found)
    }

    fn append(&self, key: &SessionKey, append: Append, entry: &Entry) -> Result<Version> {
        let owner = self.create_owner(key.owner())?;
        let now = self.clock.unix_millis();
        let session = owner.session(key.id())?;
        if let Some(session) = &session
            && let Some(version) = session.appended(entry.id, append.version())?
        {
            return Ok(version);
        }
        HeldLease::check(owner.lease(key.id())?, append.lease(), now)?;
        let version = session
            .as_ref()
            .map_or(Ok(Version::NEW), SessionDirectory::version)?;
        if append.version() != version {
            return Err(StoreError::conflict(append.version(), version));
        }
        self.limits.check_entry(entry)?;
        let totals = self.totals(key.owner(), &owner)?;
        self.limits.check_bytes(totals.bytes + entry.size())?;
        let is_new = session.is_none();
        let session = match session {
            Some(session) => session,
            None => {
                self.limits.check_sessions(totals.sessions + 1)?;
                owner.create_session(key.id(), now, |_| Ok(()))?;
                owner.session(key.id())?.ok_or_else(not_found)?
            }
        };
        let version = session.append(entry, append.version(), now)?;
        if let Some(totals) = self.all_totals().get_mut(key.owner()) {
            totals.sessions += u64::from(is_new);
            totals.bytes += entry.size();
            totals.left = totals.left.saturating_sub(1);
        }
        Ok(version)
    }

    fn all_totals(&self) -> MutexGuard<'_, HashMap<Owner, Totals>> {
        // No code panics while it holds the map.
        self.totals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets the totals of an owner after a change other than an append.
    fn changed(&self, owner: &Owner) {
        self.all_totals().remove(owner);
    }

    /// Returns the totals of an owner.
    fn totals(&self, owner: &Owner, directory: &OwnerDirectory) -> Result<Totals> {
        if let Some(totals) = self.all_totals().get(owner).copied()
            && totals.left > 0
        {
            return Ok(totals);
        }
        let sessions = directory.sessions()?;
        let totals = Totals {
            sessions: sessions.len() as u64,
            bytes: sessions
                .iter()
                .map(SessionDirectory::bytes)
                .sum::<Result<u64>>()?,
            left: APPENDS,
        };
        self.all_totals().insert(owner.clone(), totals);
        Ok(totals)
    }

    fn summarize(&self, key: &SessionKey, summary: Summary) -> Result<()> {
        let owner = self.owner(key.owner())?.ok_or_else(not_found)?;
        let session = owner.session(key.id())?.ok_or_else(not_found)?;
        let bytes = self.totals(key.owner(), &owner)?.bytes + summary.text.len() as u64;
        self.limits
            .check_bytes(bytes.saturating_sub(session.summary_bytes()?))?;
        session.summarize(summary)?;
        self.changed(key.owner());
        Ok(())
    }

    fn fork(&self, key: &SessionKey, through: Version, new: &SessionKey) -> Result<()> {
        let owner = self.owner(key.owner())?.ok_or_else(not_found)?;
        let session = owner.session(key.id())?.ok_or_else(not_found)?;
        let totals = self.totals(key.owner(), &owner)?;
        self.limits.check_sessions(totals.sessions + 1)?;
        self.limits.check_bytes(totals.bytes + session.bytes()?)?;
        self.changed(key.owner());
        let now = self.clock.unix_millis();
        match owner.create_session(new.id(), now, |path| session.copy_to(path, through))? {
            true => Ok(()),
            false => Err(exists()),
        }
    }

    fn erase(&self, owner: &Owner) -> Result<Removed> {
        let Some(directory) = self.owner(owner)? else {
            return Ok(Removed::default());
        };
        self.changed(owner);
        let sessions = directory.sessions()?;
        let mut entries = 0;
        for session in &sessions {
            entries += session.entry_count()?;
        }
        let count = sessions.len() as u64;
        directory.remove()?;
        Ok(Removed::new(count, entries))
    }

    fn prune(&self, owner: &Owner, retention: Retention) -> Result<Pruned> {
        let mut pruned = Pruned::default();
        self.changed(owner);
        if let Some(owner) = self.owner(owner)? {
            for session in owner.sessions()? {
                let one = session.prune(retention)?;
                pruned.entries += one.entries;
                pruned.bytes += one.bytes;
            }
        }
        Ok(pruned)
    }
}

impl SessionStore for FileStore {
    fn locks(&self) -> &SessionLocks {
        &self.locks
    }

    async fn open(&self, key: &SessionKey, need: Need) -> Result<OpenedSession> {
        let key = key.clone();
        run(&self.inner, move |inner| match inner.session(&key)? {
            Some(session) => session.open(need),
            None => Ok(OpenedSession::NEW),
        })
        .await
    }

    async fn append(&self, key: &SessionKey, append: Append, entry: Entry) -> Result<Version> {
        let (key, kept) = (key.clone(), entry.clone());
        run(&self.inner, move |inner| inner.append(&key, append, &entry))
            .await
            .map_err(|error| error.with_entry(kept))
    }

    async fn summarize(&self, key: &SessionKey, summary: Summary) -> Result<()> {
        let key = key.clone();
        run(&self.inner, move |inner| inner.summarize(&key, summary)).await
    }

    async fn list(&self, owner: &Owner, page: Page) -> Result<SessionPage> {
        let owner = owner.clone();
        run(&self.inner, move |inner| match inner.owner(&owner)? {
            Some(owner) => owner.page(page, |_| Ok(true)),
            None => Ok(SessionPage::default()),
        })
        .await
    }

    async fn search(&self, owner: &Owner, text: &str, page: Page) -> Result<SessionPage> {
        let (owner, text) = (owner.clone(), text.to_owned());
        run(&self.inner, move |inner| match inner.owner(&owner)? {
            Some(owner) => owner.page(page, |session| session.contains(&text)),
            None => Ok(SessionPage::default()),
        })
        .await
    }

    async fn fork(&self, key: &SessionKey, through: Version, new_id: &str) -> Result<()> {
        let (key, new) = (key.clone(), key.with_id(new_id)?);
        run(&self.inner, move |inner| inner.fork(&key, through, &new)).await
    }

    async fn rename(&self, key: &SessionKey, title: Option<&str>) -> Result<()> {
        let (key, title) = (key.clone(), title.map(ToOwned::to_owned));
        run(&self.inner, move |inner| {
            inner.existing(&key)?.rename(title.as_deref())
        })
        .await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool> {
        let key = key.clone();
        run(&self.inner, move |inner| match inner.session(&key)? {
            Some(session) => {
                inner.changed(key.owner());
                remove_directory(&session.path)
            }
            None => Ok(false),
        })
        .await
    }

    async fn erase(&self, owner: &Owner) -> Result<Removed> {
        let owner = owner.clone();
        run(&self.inner, move |inner| inner.erase(&owner)).await
    }

    async fn prune(&self, owner: &Owner, retention: Retention) -> Result<Pruned> {
        let owner = owner.clone();
        run(&self.inner, move |inner| inner.prune(&owner, retention)).await
    }

    async fn lease(&self, key: &SessionKey, duration: Duration) -> Result<Lease> {
        let key = key.clone();
        let current = run(&self.inner, move |inner| {
            let now = inner.clock.unix_millis();
            inner
                .create_owner(key.owner())?
                .take_lease(key.id(), now, duration)
        });
        current.await.map(lease)
    }

    async fn renew(&self, key: &SessionKey, token: LeaseToken, duration: Duration) -> Result<Lease> {
        let key = key.clone();
        let current = run(&self.inner, move |inner| {
            let now = inner.clock.unix_millis();
            inner
                .create_owner(key.owner())?
                .renew_lease(key.id(), token, now, duration)
        });
        current.await.map(lease)
    }

    async fn release(&self, key: &SessionKey, token: LeaseToken) -> Result<()> {
        let key = key.clone();
        run(&self.inner, move |inner| match inner.owner(key.owner())? {
            Some(owner) => owner.release_lease(key.id(), token),
            None => Ok(()),
        })
        .await
    }
}
