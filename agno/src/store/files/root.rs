//! The directory of a store: its format, its owners, and the operations that concern more than one session.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::super::log::{HeldLease, not_found};
use super::super::memory::exists;
use super::super::{
    Append, Clock, Entry, Pruned, Removed, Result, Retention, SessionKey, StoreError, StoreErrorKind,
    StoreLimits, Summary, SystemClock, Version,
};
use super::layout::{io_error, read_json, remove_deleted, remove_directory, write_json};
use super::owner::OwnerDirectory;
use super::session::SessionDirectory;
use crate::session::Owner;

/// The format of the directory.
const FORMAT: u32 = 1;

/// The directory of a store, with the owners in it.
#[derive(Clone)]
pub(super) struct Root {
    pub(super) path: PathBuf,
    pub(super) limits: StoreLimits,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) sync: bool,
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

/// Maximum number of owners whose totals are kept.
const MAX_OWNERS: usize = 4096;

/// The file `agno-store.json`.
#[derive(Serialize, Deserialize)]
struct Format {
    format: u32,
}

impl Root {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            limits: StoreLimits::DEFAULT,
            clock: Arc::new(SystemClock),
            sync: true,
            totals: Arc::default(),
        }
    }

    /// Creates the directory, or checks its format.
    pub(super) fn prepare(&self) -> Result<()> {
        fs::create_dir_all(&self.path).map_err(io_error)?;
        let path = self.path.join("agno-store.json");
        match read_json::<Format>(&path)? {
            Some(Format { format }) if format > FORMAT => Err(StoreError::new(
                StoreErrorKind::NewerFormat,
                format!(
                    "the store has format {format}, and this release of agno reads formats up to {FORMAT}; update agno"
                ),
            )),
            Some(_) => remove_deleted(&self.path),
            None => write_json(&path, &Format { format: FORMAT }, self.sync),
        }
    }

    pub(super) fn owner(&self, owner: &Owner) -> Result<Option<OwnerDirectory>> {
        OwnerDirectory::find(&self.path, owner, self.sync)
    }

    pub(super) fn create_owner(&self, owner: &Owner) -> Result<OwnerDirectory> {
        OwnerDirectory::create(&self.path, owner, self.sync)
    }

    pub(super) fn session(&self, key: &SessionKey) -> Result<Option<SessionDirectory>> {
        match self.owner(key.owner())? {
            Some(owner) => owner.session(key.id()),
            None => Ok(None),
        }
    }

    pub(super) fn existing(&self, key: &SessionKey) -> Result<SessionDirectory> {
        self.session(key)?.ok_or_else(not_found)
    }

    pub(super) fn append(&self, key: &SessionKey, append: Append, entry: &Entry) -> Result<Version> {
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
        let version = match session {
            Some(session) => session.append(entry, version, now)?,
            None => {
                self.limits.check_sessions(totals.sessions + 1)?;
                let first = |session: &SessionDirectory| session.append(entry, Version::NEW, now);
                match owner.create_session(key.id(), now, first)? {
                    Some(version) => version,
                    // Another program created the session in the meantime.
                    None => {
                        let current = self.existing(key)?.version()?;
                        return Err(StoreError::conflict(version, current));
                    }
                }
            }
        };
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
    pub(super) fn changed(&self, owner: &Owner) {
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
        let mut all = self.all_totals();
        if all.len() >= MAX_OWNERS {
            all.clear();
        }
        all.insert(owner.clone(), totals);
        Ok(totals)
    }

    pub(super) fn summarize(&self, key: &SessionKey, summary: Summary) -> Result<()> {
        let owner = self.owner(key.owner())?.ok_or_else(not_found)?;
        let session = owner.session(key.id())?.ok_or_else(not_found)?;
        let bytes = self.totals(key.owner(), &owner)?.bytes + summary.text.len() as u64;
        self.limits
            .check_bytes(bytes.saturating_sub(session.summary_bytes()?))?;
        session.summarize(summary)?;
        self.changed(key.owner());
        Ok(())
    }

    pub(super) fn fork(&self, key: &SessionKey, through: Version, new: &SessionKey) -> Result<()> {
        let owner = self.owner(key.owner())?.ok_or_else(not_found)?;
        let session = owner.session(key.id())?.ok_or_else(not_found)?;
        let totals = self.totals(key.owner(), &owner)?;
        self.limits.check_sessions(totals.sessions + 1)?;
        self.limits.check_bytes(totals.bytes + session.bytes()?)?;
        self.changed(key.owner());
        let now = self.clock.unix_millis();
        let copied = owner.create_session(new.id(), now, |copy| session.copy_to(copy, through))?;
        copied.ok_or_else(exists)
    }

    pub(super) fn delete(&self, key: &SessionKey) -> Result<bool> {
        self.changed(key.owner());
        let Some(owner) = self.owner(key.owner())? else {
            return Ok(false);
        };
        match owner.session(key.id())? {
            Some(session) => remove_directory(&session.path),
            None => {
                // An earlier attempt may have been interrupted.
                owner.remove_deleted()?;
                Ok(false)
            }
        }
    }

    pub(super) fn erase(&self, owner: &Owner) -> Result<Removed> {
        self.changed(owner);
        let Some(directory) = self.owner(owner)? else {
            // An earlier attempt may have been interrupted.
            remove_deleted(&self.path)?;
            return Ok(Removed::default());
        };
        let sessions = directory.sessions()?;
        let mut entries = 0;
        for session in &sessions {
            entries += session.entry_count()?;
        }
        let count = sessions.len() as u64;
        directory.remove()?;
        Ok(Removed::new(count, entries))
    }

    pub(super) fn prune(&self, owner: &Owner, retention: Retention) -> Result<Pruned> {
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
