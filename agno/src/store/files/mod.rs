//! A store in files that people can read: one JSON Lines file for each entry.

mod layout;
mod owner;
mod prune;
mod record;
mod root;
mod session;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::memory::lease;
use super::{
    Append, Clock, Entry, Lease, LeaseToken, Need, OpenedSession, Page, Pruned, Removed, Result, Retention,
    SessionKey, SessionLocks, SessionPage, SessionStore, StoreError, StoreErrorKind, StoreLimits, Summary,
    Version,
};
use crate::session::Owner;
use root::Root;

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
    root: Arc<Root>,
    locks: SessionLocks,
}

impl FileStore {
    /// Opens the store in a directory, which is created if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`NewerFormat`](StoreErrorKind::NewerFormat) if a later release of agno created the
    /// directory, or an error of the file system.
    pub async fn open(directory: impl AsRef<Path>) -> Result<Self> {
        let root = Arc::new(Root::new(directory.as_ref().to_owned()));
        run(&root, Root::prepare).await?;
        Ok(Self {
            root,
            locks: SessionLocks::new(),
        })
    }

    /// Sets the limits.
    #[must_use]
    pub fn with_limits(mut self, limits: StoreLimits) -> Self {
        Arc::make_mut(&mut self.root).limits = limits;
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        Arc::make_mut(&mut self.root).clock = Arc::new(clock);
        self
    }

    /// Sets whether an append waits until the disk has the entry. Without it, an append is faster, and a power failure can
    /// lose the newest entries; a crash of the program cannot.
    #[must_use]
    pub fn with_sync(mut self, sync: bool) -> Self {
        Arc::make_mut(&mut self.root).sync = sync;
        self
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore")
            .field("root", &self.root.path)
            .field("limits", &self.root.limits)
            .finish_non_exhaustive()
    }
}

/// Runs an operation on a thread for blocking work. It completes even if the future is dropped.
async fn run<T: Send + 'static>(
    root: &Arc<Root>,
    operation: impl FnOnce(&Root) -> Result<T> + Send + 'static,
) -> Result<T> {
    let root = Arc::clone(root);
    match tokio::task::spawn_blocking(move || operation(&root)).await {
        Ok(result) => result,
        Err(error) => Err(
            StoreError::new(StoreErrorKind::Unavailable, "the operation was interrupted").with_source(error),
        ),
    }
}

impl SessionStore for FileStore {
    fn locks(&self) -> &SessionLocks {
        &self.locks
    }

    async fn open(&self, key: &SessionKey, need: Need) -> Result<OpenedSession> {
        let key = key.clone();
        run(&self.root, move |root| match root.session(&key)? {
            Some(session) => session.open(need),
            None => Ok(OpenedSession::NEW),
        })
        .await
    }

    async fn append(&self, key: &SessionKey, append: Append, entry: Entry) -> Result<Version> {
        let (key, kept) = (key.clone(), entry.clone());
        run(&self.root, move |root| root.append(&key, append, &entry))
            .await
            .map_err(|error| error.with_entry(kept))
    }

    async fn summarize(&self, key: &SessionKey, summary: Summary) -> Result<()> {
        let key = key.clone();
        run(&self.root, move |root| root.summarize(&key, summary)).await
    }

    async fn list(&self, owner: &Owner, page: Page) -> Result<SessionPage> {
        let owner = owner.clone();
        run(&self.root, move |root| match root.owner(&owner)? {
            Some(owner) => owner.page(page, |_| Ok(true)),
            None => Ok(SessionPage::default()),
        })
        .await
    }

    async fn search(&self, owner: &Owner, text: &str, page: Page) -> Result<SessionPage> {
        let (owner, text) = (owner.clone(), text.to_owned());
        run(&self.root, move |root| match root.owner(&owner)? {
            Some(owner) => owner.page(page, |session| session.contains(&text)),
            None => Ok(SessionPage::default()),
        })
        .await
    }

    async fn fork(&self, key: &SessionKey, through: Version, new_id: &str) -> Result<()> {
        let (key, new) = (key.clone(), key.with_id(new_id)?);
        run(&self.root, move |root| root.fork(&key, through, &new)).await
    }

    async fn rename(&self, key: &SessionKey, title: Option<&str>) -> Result<()> {
        StoreLimits::check_title(title)?;
        let (key, title) = (key.clone(), title.map(ToOwned::to_owned));
        run(&self.root, move |root| {
            root.existing(&key)?.rename(title.as_deref())
        })
        .await
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool> {
        let key = key.clone();
        run(&self.root, move |root| root.delete(&key)).await
    }

    async fn erase(&self, owner: &Owner) -> Result<Removed> {
        let owner = owner.clone();
        run(&self.root, move |root| root.erase(&owner)).await
    }

    async fn prune(&self, owner: &Owner, retention: Retention) -> Result<Pruned> {
        let owner = owner.clone();
        run(&self.root, move |root| root.prune(&owner, retention)).await
    }

    async fn lease(&self, key: &SessionKey, duration: Duration) -> Result<Lease> {
        let key = key.clone();
        let current = run(&self.root, move |root| {
            let now = root.clock.unix_millis();
            root.create_owner(key.owner())?
                .take_lease(key.id(), now, duration)
        });
        current.await.map(lease)
    }

    async fn renew(&self, key: &SessionKey, token: LeaseToken, duration: Duration) -> Result<Lease> {
        let key = key.clone();
        let current = run(&self.root, move |root| {
            let now = root.clock.unix_millis();
            root.create_owner(key.owner())?
                .renew_lease(key.id(), token, now, duration)
        });
        current.await.map(lease)
    }

    async fn release(&self, key: &SessionKey, token: LeaseToken) -> Result<()> {
        let key = key.clone();
        run(&self.root, move |root| match root.owner(key.owner())? {
            Some(owner) => owner.release_lease(key.id(), token),
            None => Ok(()),
        })
        .await
    }
}
