//! A store with one fault, for tests of the suite: each fault is one that a real store had, or could easily have.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use agno::session::Owner;
use agno::store::{
    Append, Cursor, Entry, EntryId, Lease, LeaseToken, MemoryStore, Need, OpenedSession, Page, Pruned,
    Removed, Result, Retention, SessionKey, SessionLocks, SessionPage, SessionStore, StoreError,
    StoreErrorKind, StoreLimits, Summary, SystemClock, Version,
};
use agno::testing::store::{StoreFactory, TestClock};

/// A fault of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// Appends to the newest version, whatever the program expects.
    Merge,
    /// Drops the entry that could not be appended.
    LostEntry,
    /// Stores a repeated entry a second time.
    Repeat,
    /// Gives all owners one name.
    OneOwner,
    /// Treats the owner with the name "(shared)" as the shared owner.
    SharedByName,
    /// Ignores the case of IDs.
    LowerCaseIds,
    /// Removes spaces at the ends of IDs.
    TrimmedIds,
    /// Cuts IDs at U+0000.
    CutIds,
    /// Joins the owner and the ID.
    JoinedKeys,
    /// Loses U+0000 in titles.
    CutTitles,
    /// Appends without regard to leases.
    NoLeases,
    /// Never frees a lease.
    EndlessLeases,
    /// Lets anyone release a lease.
    AnyoneReleases,
    /// Reads all entries, whatever the program needs.
    ReadsAll,
    /// Loses the state.
    LostState,
    /// Loses the usage.
    LostUsage,
    /// Reports success for an outdated summary.
    SilentSummary,
    /// Distinguishes upper and lower case in searches.
    CaseSensitive,
    /// Searches in the stored JSON.
    SearchesJson,
    /// Pages by number instead of position.
    OffsetPages,
    /// Has cursors after the last page.
    EndlessPages,
    /// Replaces an existing session by a fork.
    ForkReplaces,
    /// Reports success for the title of a session that does not exist.
    SilentRename,
    /// Reports that it deleted a session that does not exist.
    SilentDelete,
    /// Deletes only the sessions of an owner, not the leases.
    KeepsLeases,
    /// Keeps erased bytes in its files.
    KeepsBytes,
    /// Has no limits.
    NoLimits,
    /// Uses the clock of the system.
    SystemTime,
    /// Skips damaged entries without an error.
    SilentDamage,
    /// Fails to read every session after damage to one.
    SpreadingDamage,
    /// Is empty after it was opened again.
    Forgets,
    /// Does not share data between processes.
    Separate,
    /// Panics when it searches.
    Panics,
}

/// The data of a store, and what tests do to it.
#[derive(Clone)]
pub(super) struct Data {
    store: MemoryStore,
    damaged: Arc<Mutex<HashSet<(SessionKey, u64)>>>,
    bytes: Arc<Mutex<HashMap<Owner, Vec<u8>>>>,
    leases: Arc<Mutex<HashMap<SessionKey, LeaseToken>>>,
}

impl Data {
    fn new() -> Self {
        Self {
            store: MemoryStore::new(),
            damaged: Arc::default(),
            bytes: Arc::default(),
            leases: Arc::default(),
        }
    }
}

/// Creates stores with a fault.
pub(super) struct Faulty(pub(super) Fault);

impl StoreFactory for Faulty {
    type Store = FaultyStore;
    type Data = Data;

    async fn create(&self) -> Result<Data> {
        Ok(Data::new())
    }

    async fn open(&self, data: &Data, limits: StoreLimits, clock: TestClock) -> Result<FaultyStore> {
        let mut data = data.clone();
        if self.0 != Fault::NoLimits {
            data.store = data.store.with_limits(limits);
        }
        data.store = match self.0 {
            Fault::SystemTime => data.store.with_clock(SystemClock),
            _ => data.store.with_clock(clock),
        };
        Ok(FaultyStore { data, fault: self.0 })
    }

    async fn open_again(
        &self,
        data: &Data,
        limits: StoreLimits,
        clock: TestClock,
    ) -> Option<Result<FaultyStore>> {
        let mut data = data.clone();
        if self.0 == Fault::Separate {
            data = Data::new();
        }
        data.store = data.store.with_locks(SessionLocks::new());
        Some(self.open(&data, limits, clock).await)
    }

    async fn reopen(
        &self,
        data: &Data,
        limits: StoreLimits,
        clock: TestClock,
    ) -> Option<Result<FaultyStore>> {
        let fresh = Data::new();
        let data = if self.0 == Fault::Forgets { &fresh } else { data };
        Some(self.open(data, limits, clock).await)
    }

    async fn damage(&self, data: &Data, key: &SessionKey, version: Version) -> Option<Result<()>> {
        let mut damaged = data.damaged.lock().unwrap();
        damaged.insert((key.clone(), version.number()));
        Some(Ok(()))
    }

    async fn raw_bytes(&self, data: &Data) -> Option<Result<Vec<u8>>> {
        let bytes = data.bytes.lock().unwrap();
        Some(Ok(bytes.values().flatten().copied().collect()))
    }
}

/// A store with a fault.
pub(super) struct FaultyStore {
    data: Data,
    fault: Fault,
}

impl FaultyStore {
    fn owner(&self, owner: &Owner) -> Owner {
        match self.fault {
            Fault::OneOwner => Owner::shared(),
            Fault::SharedByName if owner.name() == Some("(shared)") => Owner::shared(),
            _ => owner.clone(),
        }
    }

    fn key(&self, key: &SessionKey) -> SessionKey {
        let (owner, id) = (self.owner(key.owner()), key.id());
        let joined = format!("{}/{id}", key.owner());
        let (owner, id) = match self.fault {
            Fault::LowerCaseIds => (owner, id.to_lowercase()),
            Fault::TrimmedIds => (owner, id.trim_end_matches(' ').to_owned()),
            Fault::CutIds => (owner, id.split('\0').next().unwrap().to_owned()),
            Fault::JoinedKeys => (Owner::shared(), joined),
            _ => (owner, id.to_owned()),
        };
        SessionKey::new(owner, if id.is_empty() { "-" } else { &id }).unwrap()
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }
}

impl SessionStore for FaultyStore {
    fn locks(&self) -> &SessionLocks {
        self.data.store.locks()
    }

    async fn open(&self, key: &SessionKey, need: Need) -> Result<OpenedSession> {
        let need = match need {
            _ if self.is(Fault::ReadsAll) && need.skips_damaged() => Need::ALL.without_damaged(),
            _ if self.is(Fault::ReadsAll) => Need::ALL,
            _ => need,
        };
        let mut opened = self.data.store.open(&self.key(key), need).await?;
        let damaged = self.data.damaged.lock().unwrap();
        if self.is(Fault::SpreadingDamage) && !damaged.is_empty() {
            return Err(StoreError::damaged(key.id(), opened.version));
        }
        let mut skipped = Vec::new();
        opened.entries.retain(|stored| {
            let is_damaged = damaged.contains(&(key.clone(), stored.version.number()));
            if is_damaged {
                skipped.push(stored.version);
            }
            !is_damaged
        });
        if self.is(Fault::SilentDamage) {
            return Ok(opened);
        }
        match skipped.first() {
            Some(version) if !need.skips_damaged() => Err(StoreError::damaged(key.id(), *version)),
            _ => {
                opened.damaged = skipped;
                Ok(opened)
            }
        }
    }

    async fn append(&self, key: &SessionKey, mut append: Append, mut entry: Entry) -> Result<Version> {
        let inner = self.key(key);
        let current = self.data.store.open(&inner, Need::HEAD).await?.version;
        match self.fault {
            Fault::Merge => append = Append::at(current),
            Fault::Repeat => {
                let repeated = self.data.store.open(&inner, Need::ALL).await?.entries;
                if repeated.iter().any(|stored| stored.entry.id == entry.id) {
                    entry.id = EntryId::new();
                    append = Append::at(current);
                }
            }
            Fault::NoLeases => append = Append::at(append.version()),
            Fault::LostState => entry.state = None,
            Fault::LostUsage => entry.usage = agno::Usage::default(),
            Fault::KeepsBytes => {
                let mut bytes = self.data.bytes.lock().unwrap();
                bytes
                    .entry(key.owner().clone())
                    .or_default()
                    .extend(entry.body.iter());
            }
            _ => {}
        }
        let appended = self.data.store.append(&inner, append, entry).await;
        match appended {
            Err(error) if self.is(Fault::LostEntry) => {
                let lost = StoreError::new(error.kind(), error.to_string());
                Err(match error.current_version() {
                    Some(current) => StoreError::conflict(append.version(), current),
                    None => lost,
                })
            }
            appended => appended,
        }
    }

    async fn summarize(&self, key: &SessionKey, summary: Summary) -> Result<()> {
        match self.data.store.summarize(&self.key(key), summary).await {
            Err(error) if self.is(Fault::SilentSummary) && error.kind() == StoreErrorKind::Conflict => Ok(()),
            result => result,
        }
    }

    async fn list(&self, owner: &Owner, page: Page) -> Result<SessionPage> {
        let owner = self.owner(owner);
        if self.is(Fault::OffsetPages) {
            let all = self.data.store.list(&owner, Page::first(Page::MAX_LIMIT)).await?;
            let start = page.cursor().map_or(0, Cursor::number) as usize;
            let end = start + page.limit() as usize;
            let next = (end < all.sessions.len()).then(|| Cursor::from_number(end as u64));
            let sessions = all.sessions.into_iter().skip(start).take(page.limit() as usize);
            return Ok(SessionPage::new(sessions.collect(), next));
        }
        let mut found = self.data.store.list(&owner, page).await?;
        if self.is(Fault::EndlessPages) && found.next.is_none() && page.cursor().is_none() {
            found.next = Some(Cursor::from_number(1));
        }
        Ok(found)
    }

    async fn search(&self, owner: &Owner, text: &str, page: Page) -> Result<SessionPage> {
        let owner = self.owner(owner);
        match self.fault {
            Fault::Panics => panic!("secret detail"),
            Fault::CaseSensitive | Fault::SearchesJson => {
                let mut found = self.data.store.list(&owner, page).await?;
                let mut sessions = Vec::new();
                for info in found.sessions {
                    let key = SessionKey::new(&owner, &info.id)?;
                    let opened = self.data.store.open(&key, Need::ALL).await?;
                    let json = self.is(Fault::SearchesJson);
                    let contains = opened.entries.iter().any(|stored| {
                        let body = String::from_utf8_lossy(&stored.entry.body).into_owned();
                        let decoded = stored.entry.decode().ok();
                        let plain = decoded.is_some_and(|(segment, _)| {
                            segment
                                .messages()
                                .iter()
                                .any(|message| message.text().contains(text))
                        });
                        plain || json && body.contains(text)
                    });
                    if contains {
                        sessions.push(info);
                    }
                }
                found.sessions = sessions;
                Ok(found)
            }
            _ => self.data.store.search(&owner, text, page).await,
        }
    }

    async fn fork(&self, key: &SessionKey, through: Version, new_id: &str) -> Result<()> {
        let new = key.with_id(new_id)?;
        let (key, new) = (self.key(key), self.key(&new));
        if self.is(Fault::ForkReplaces) && key != new {
            self.data.store.delete(&new).await?;
        }
        self.data.store.fork(&key, through, new.id()).await
    }

    async fn rename(&self, key: &SessionKey, title: Option<&str>) -> Result<()> {
        let title = match title {
            Some(title) if self.is(Fault::CutTitles) => title.split('\0').next(),
            title => title,
        };
        match self.data.store.rename(&self.key(key), title).await {
            Err(_) if self.is(Fault::SilentRename) => Ok(()),
            result => result,
        }
    }

    async fn delete(&self, key: &SessionKey) -> Result<bool> {
        let deleted = self.data.store.delete(&self.key(key)).await?;
        Ok(deleted || self.is(Fault::SilentDelete))
    }

    async fn erase(&self, owner: &Owner) -> Result<Removed> {
        let owner = self.owner(owner);
        if !self.is(Fault::KeepsLeases) {
            return self.data.store.erase(&owner).await;
        }
        let mut removed = Removed::default();
        for info in self.data.store.list(&owner, Page::first(1000)).await?.sessions {
            let key = SessionKey::new(&owner, &info.id)?;
            removed.sessions += 1;
            removed.entries += self.data.store.open(&key, Need::ALL).await?.entries.len() as u64;
            self.data.store.delete(&key).await?;
        }
        Ok(removed)
    }

    async fn prune(&self, owner: &Owner, retention: Retention) -> Result<Pruned> {
        self.data.store.prune(&self.owner(owner), retention).await
    }

    async fn lease(&self, key: &SessionKey, duration: Duration) -> Result<Lease> {
        let duration = if self.is(Fault::EndlessLeases) {
            Duration::MAX
        } else {
            duration
        };
        if self.is(Fault::NoLeases) {
            return Ok(Lease::new(LeaseToken::new(), UNIX_EPOCH + duration));
        }
        let lease = self.data.store.lease(&self.key(key), duration).await?;
        self.data
            .leases
            .lock()
            .unwrap()
            .insert(self.key(key), lease.token);
        Ok(lease)
    }

    async fn renew(&self, key: &SessionKey, token: LeaseToken, duration: Duration) -> Result<Lease> {
        self.data.store.renew(&self.key(key), token, duration).await
    }

    async fn release(&self, key: &SessionKey, token: LeaseToken) -> Result<()> {
        let key = self.key(key);
        let stored = self.data.leases.lock().unwrap().get(&key).copied();
        let token = stored.filter(|_| self.is(Fault::AnyoneReleases)).unwrap_or(token);
        self.data.store.release(&key, token).await
    }
}
