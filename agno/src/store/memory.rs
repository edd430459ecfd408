//! A store in memory.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use super::log::{HeldLease, Log, lost, not_found};
use super::{
    Append, Clock, Cursor, Entry, Lease, LeaseToken, Need, OpenedSession, Page, Pruned, Removed, Result,
    Retention, SessionInfo, SessionKey, SessionLocks, SessionPage, SessionStore, StoreError, StoreErrorKind,
    StoreLimits, Summary, SystemClock, Version,
};
use crate::session::Owner;

/// A store that keeps sessions in memory, for tests and for programs whose sessions may end with them. Clones share the
/// sessions.
///
/// ```
/// use agno::session::Owner;
/// use agno::store::{MemoryStore, Page, SessionStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> agno::store::Result<()> {
/// let store = MemoryStore::new();
/// assert!(store.list(&Owner::shared(), Page::first(20)).await?.sessions.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct MemoryStore {
    owners: Arc<Mutex<HashMap<Owner, Owned>>>,
    locks: SessionLocks,
    limits: StoreLimits,
    clock: Arc<dyn Clock>,
}

/// The sessions and leases of one owner.
#[derive(Default)]
struct Owned {
    sessions: BTreeMap<Arc<str>, Log>,
    leases: HashMap<Arc<str>, HeldLease>,
    /// The number of the newest session.
    newest: u64,
    /// The number of bytes of all sessions.
    bytes: u64,
}

impl Owned {
    /// Returns a page of the sessions that meet a condition.
    fn page(&self, page: Page, mut meets: impl FnMut(&Log) -> bool) -> SessionPage {
        let before = page.cursor().map_or(u64::MAX, Cursor::number);
        let mut sessions: Vec<(u64, SessionInfo)> = self
            .sessions
            .iter()
            .filter(|(_, log)| log.number < before && meets(log))
            .map(|(id, log)| (log.number, log.info(id)))
            .collect();
        sessions.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
        let limit = page.limit() as usize;
        let has_more = sessions.len() > limit;
        sessions.truncate(limit);
        let last = sessions.last().map(|(number, _)| Cursor::from_number(*number));
        let infos = sessions.into_iter().map(|(_, info)| info).collect();
        SessionPage::new(infos, last.filter(|_| has_more))
    }

    fn insert(&mut self, id: &str, mut log: Log) {
        self.newest += 1;
        log.number = self.newest;
        self.bytes += log.bytes();
        self.sessions.insert(id.into(), log);
    }

    fn log(&mut self, id: &str) -> Result<&mut Log> {
        self.sessions.get_mut(id).ok_or_else(not_found)
    }
}

impl MemoryStore {
    /// Creates an empty store.
    pub fn new() -> Self {
        Self {
            owners: Arc::default(),
            locks: SessionLocks::new(),
            limits: StoreLimits::DEFAULT,
            clock: Arc::new(SystemClock),
        }
    }

    /// Sets the limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: StoreLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the locks. A clone with other locks acts as another process that uses the same sessions would.
    #[must_use]
    pub fn with_locks(mut self, locks: SessionLocks) -> Self {
        self.locks = locks;
        self
    }

    fn owners(&self) -> MutexGuard<'_, HashMap<Owner, Owned>> {
        // A panic while the map is locked leaves each log as it was before or after an operation.
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_append(&self, key: &SessionKey, append: Append, entry: &Entry) -> Result<Version> {
        let mut owners = self.owners();
        let owned = owners.entry(key.owner().clone()).or_default();
        let now = self.clock.unix_millis();
        let existing = owned.sessions.get(key.id());
        if let Some(version) = existing.and_then(|log| log.appended(entry.id)) {
            return Ok(version);
        }
        HeldLease::check(owned.leases.get(key.id()).copied(), append.lease(), now)?;
        existing.unwrap_or(&Log::default()).check_version(append)?;
        self.limits.check_entry(entry)?;
        self.limits.check_bytes(owned.bytes + entry.size())?;
        if existing.is_none() {
            self.limits.check_sessions(owned.sessions.len() as u64 + 1)?;
            owned.insert(key.id(), Log::default());
        }
        owned.bytes += entry.size();
        Ok(owned.log(key.id())?.push(entry.clone(), now))
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl SessionStore for MemoryStore {
    fn locks(&self) -> &SessionLocks {
        &self.locks
    }

    async fn open(&self, key: &SessionKey, need: Need) -> Result<OpenedSession> {
        let owners = self.owners();
        let log = owners
            .get(key.owner())
            .and_then(|owned| owned.sessions.get(key.id()));
        Ok(log.map_or(OpenedSession::NEW, |log| log.open(need)))
    }

    async fn append(&self, key: &SessionKey, append: Append, entry: Entry) -> Result<Version> {
        self.try_append(key, append, &entry)
            .map_err(|error| error.with_entry(entry))
    }

    async fn summarize(&self, key: &SessionKey, summary: Summary) -> Result<()> {
        let mut owners = self.owners();
        let owned = owners.get_mut(key.owner()).ok_or_else(not_found)?;
        let log = owned.sessions.get_mut(key.id()).ok_or_else(not_found)?;
        log.check_summary(&summary)?;
        let bytes = owned.bytes - log.bytes() + log.bytes_with(&summary);
        self.limits.check_bytes(bytes)?;
        log.summarize(summary);
        owned.bytes = bytes;
        Ok(())
    }

    async fn list(&self, owner: &Owner, page: Page) -> Result<SessionPage> {
        let owners = self.owners();
        Ok(owners
            .get(owner)
            .map(|owned| owned.page(page, |_| true))
            .unwrap_or_default())
    }

    async fn search(&self, owner: &Owner, text: &str, page: Page) -> Result<SessionPage> {
        let owners = self.owners();
        let found = owners
            .get(owner)
            .map(|owned| owned.page(page, |log| log.contains(text)));
        Ok(found.unwrap_or_default())
    }

    async fn fork(&self, key: &SessionKey, through: Version, new_id: &str) -> Result<()> {
        let new = key.with_id(new_id)?;
        let mut owners = self.owners();
        let owned = owners.get_mut(key.owner()).ok_or_else(not_found)?;
        let fork = owned.log(key.id())?.fork(through, self.clock.unix_millis())?;
        if owned.sessions.contains_key(new.id()) {
            return Err(exists());
        }
        self.limits.check_sessions(owned.sessions.len() as u64 + 1)?;
        self.limits.check_bytes(owned.bytes + fork.bytes())?;
        owned.insert(new.id(), fork);
        Ok(())
    }

    async fn rename(&self, key: &SessionKey, title: Option<&str>) -> Result<()> {
        StoreLimits::check_title(title)?;
        let mut owners = self.owners();
        let owned = owners.get_mut(key.owner()).ok_or_else(not_found)?;
        owned.log(key.id())?.title = title.map(ToOwned::to_owned);
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool> {
        let mut owners = self.owners();
        let Some(owned) = owners.get_mut(key.owner()) else {
            return Ok(false);
        };
        let deleted = owned.sessions.remove(key.id());
        owned.bytes -= deleted.as_ref().map_or(0, Log::bytes);
        Ok(deleted.is_some())
    }

    async fn erase(&self, owner: &Owner) -> Result<Removed> {
        let removed = self.owners().remove(owner);
        let sessions = removed.map(|owned| owned.sessions).unwrap_or_default();
        let entries = sessions.values().map(|log| log.entries().len() as u64).sum();
        Ok(Removed::new(sessions.len() as u64, entries))
    }

    async fn prune(&self, owner: &Owner, retention: Retention) -> Result<Pruned> {
        let mut owners = self.owners();
        let mut pruned = Pruned::default();
        if let Some(owned) = owners.get_mut(owner) {
            for log in owned.sessions.values_mut() {
                let of_session = log.prune(retention);
                pruned.entries += of_session.entries;
                pruned.bytes += of_session.bytes;
            }
            owned.bytes -= pruned.bytes;
        }
        Ok(pruned)
    }

    async fn lease(&self, key: &SessionKey, duration: Duration) -> Result<Lease> {
        let mut owners = self.owners();
        let owned = owners.entry(key.owner().clone()).or_default();
        let now = self.clock.unix_millis();
        HeldLease::check(owned.leases.get(key.id()).copied(), None, now)?;
        let current = HeldLease::expiring(LeaseToken::new(), now, duration);
        owned.leases.insert(key.id().into(), current);
        Ok(lease(current))
    }

    async fn renew(&self, key: &SessionKey, token: LeaseToken, duration: Duration) -> Result<Lease> {
        let mut owners = self.owners();
        let owned = owners.get_mut(key.owner());
        let current = owned.and_then(|owned| owned.leases.get_mut(key.id()));
        match current {
            Some(current) if current.token == token => {
                *current = HeldLease::expiring(token, self.clock.unix_millis(), duration);
                Ok(lease(*current))
            }
            Some(_) => Err(lost()),
            None => Err(StoreError::new(
                StoreErrorKind::NotFound,
                "the lease of the session was released; take it again",
            )),
        }
    }

    async fn release(&self, key: &SessionKey, token: LeaseToken) -> Result<()> {
        let mut owners = self.owners();
        if let Some(owned) = owners.get_mut(key.owner())
            && owned
                .leases
                .get(key.id())
                .is_some_and(|current| current.token == token)
        {
            owned.leases.remove(key.id());
        }
        Ok(())
    }
}

pub(super) fn lease(current: HeldLease) -> Lease {
    Lease::new(
        current.token,
        UNIX_EPOCH + Duration::from_millis(current.expires_millis),
    )
}

pub(super) fn exists() -> StoreError {
    StoreError::new(
        StoreErrorKind::Exists,
        "the owner already has a session with the new ID; choose another ID, or delete that session",
    )
}
