//! The log of one session in memory, for the stores that keep it there.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::lease::MAX_MILLIS;
use super::{
    Append, Entry, EntryId, LeaseToken, Need, OpenedSession, Pruned, Result, Retention, SessionInfo,
    StoreError, StoreErrorKind, StoredEntry, Summary, Version, contains_text,
};
use crate::id::RunId;
use crate::model::Usage;

/// The log of a session.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// The position of the session in the list of its owner.
    pub(crate) number: u64,
    version: u64,
    pub(crate) title: Option<String>,
    created_millis: u64,
    updated_millis: u64,
    /// The newest state, with the version of its entry, which may have been pruned.
    state: Option<(Version, Arc<[u8]>)>,
    summary: Option<Summary>,
    entries: Vec<StoredEntry>,
    /// The version of each entry, so that an append does not search the log.
    versions: HashMap<EntryId, Version>,
    usage: Usage,
    bytes: u64,
}

/// The lease of a session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeldLease {
    pub(crate) token: LeaseToken,
    pub(crate) expires_millis: u64,
}

impl HeldLease {
    /// Checks that a program can use a session: it holds the lease, or there is no lease that is still valid. The holder of
    /// an expired lease still holds it if no other program took it since.
    pub(crate) fn check(existing: Option<Self>, token: Option<LeaseToken>, now: u64) -> Result<()> {
        match (existing, token) {
            (Some(existing), Some(token)) if existing.token == token => Ok(()),
            (Some(existing), None) if existing.expires_millis <= now => Ok(()),
            (None, None) => Ok(()),
            (_, Some(_)) => Err(lost()),
            (Some(_), None) => Err(leased()),
        }
    }

    pub(crate) fn expiring(token: LeaseToken, now: u64, duration: std::time::Duration) -> Self {
        let expires = now.saturating_add(super::lease::millis(duration)).min(MAX_MILLIS);
        Self {
            token,
            expires_millis: expires,
        }
    }
}

/// Returns the error for a session whose lease another program holds.
pub(crate) fn leased() -> StoreError {
    StoreError::new(
        StoreErrorKind::Leased,
        "another program holds the lease of the session; wait until the lease expires or is released",
    )
}

/// Returns the error for a program that no longer holds the lease of a session.
pub(crate) fn lost() -> StoreError {
    StoreError::new(
        StoreErrorKind::Leased,
        "the program does not hold the lease of the session any more; take the lease again, and open the session again",
    )
}

/// Returns the error for a session that does not exist.
pub(crate) fn not_found() -> StoreError {
    StoreError::new(
        StoreErrorKind::NotFound,
        "the owner has no session with this ID; append to it to create it",
    )
}

impl Log {
    pub(crate) fn version(&self) -> Version {
        Version::from_number(self.version)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn entries(&self) -> &[StoredEntry] {
        &self.entries
    }

    /// Returns the version of an entry that was appended already.
    pub(crate) fn appended(&self, id: EntryId) -> Option<Version> {
        self.versions.get(&id).copied()
    }

    /// Checks the version at which an entry is to be appended.
    pub(crate) fn check_version(&self, append: Append) -> Result<()> {
        if append.version() == self.version() {
            Ok(())
        } else {
            Err(StoreError::conflict(append.version(), self.version()))
        }
    }

    /// Appends an entry. The caller has checked everything.
    pub(crate) fn push(&mut self, entry: Entry, now: u64) -> Version {
        let version = self.version().next();
        if self.version == 0 {
            self.created_millis = now;
        }
        self.version = version.number();
        // The clock may have gone backward.
        self.updated_millis = now.max(self.updated_millis);
        self.usage += entry.usage;
        self.bytes += entry.size();
        if let Some(state) = &entry.state {
            self.state = Some((version, Arc::clone(state)));
        }
        self.versions.insert(entry.id, version);
        let stored = StoredEntry::new(version, self.updated_millis, entry);
        self.entries.push(stored);
        version
    }

    /// Checks that a summary covers only existing entries, and at least those of the current summary.
    pub(crate) fn check_summary(&self, summary: &Summary) -> Result<()> {
        let newest = self.summary.as_ref().map(|summary| summary.through);
        if summary.through > self.version() || newest.is_some_and(|newest| newest > summary.through) {
            return Err(StoreError::conflict(summary.through, self.version()));
        }
        Ok(())
    }

    /// Returns the number of bytes that the session will have with a summary.
    pub(crate) fn bytes_with(&self, summary: &Summary) -> u64 {
        let replaced = self.summary.as_ref().map_or(0, |summary| summary.text.len());
        self.bytes - replaced as u64 + summary.text.len() as u64
    }

    /// Replaces the summary. The caller has checked everything.
    pub(crate) fn summarize(&mut self, summary: Summary) {
        self.bytes = self.bytes_with(&summary);
        self.usage += summary.usage;
        self.summary = Some(summary);
    }

    /// Returns the part of the log that a program needs.
    pub(crate) fn open(&self, need: Need) -> OpenedSession {
        OpenedSession {
            version: self.version(),
            created_millis: self.created_millis,
            updated_millis: self.updated_millis,
            title: self.title.clone(),
            state: self.state.as_ref().map(|(_, state)| Arc::clone(state)),
            summary: self.summary.clone(),
            entries: self.newest(need),
            damaged: Vec::new(),
        }
    }

    fn newest(&self, need: Need) -> Vec<StoredEntry> {
        let covered = self
            .summary
            .as_ref()
            .map_or(Version::NEW, |summary| summary.through);
        let (mut messages, mut tokens) = (0, 0);
        let mut runs: HashSet<RunId> = HashSet::new();
        let mut newest = Vec::new();
        for stored in self.entries.iter().rev() {
            if need.is_met(messages, tokens) || stored.version <= covered {
                break;
            }
            // A run that was stored again later is in the later entry.
            if stored.entry.run.is_some_and(|run| !runs.insert(run)) {
                continue;
            }
            messages += u64::from(stored.entry.messages);
            tokens += u64::from(stored.entry.tokens);
            newest.push(stored.clone());
        }
        newest.reverse();
        newest
    }

    /// Returns a copy of the log up to a version.
    pub(crate) fn fork(&self, through: Version, now: u64) -> Result<Self> {
        if through == Version::NEW || through > self.version() {
            return Err(StoreError::new(
                StoreErrorKind::NotFound,
                format!(
                    "the session has no version {through}; its version is {}",
                    self.version()
                ),
            ));
        }
        let kept = self.entries.iter().filter(|stored| stored.version <= through);
        let entries: Vec<StoredEntry> = kept.cloned().collect();
        let state = match &self.state {
            // Its entry may have been pruned.
            Some((version, state)) if *version <= through => Some((*version, Arc::clone(state))),
            _ => entries
                .iter()
                .rev()
                .find_map(|stored| Some((stored.version, stored.entry.state.clone()?))),
        };
        let summary = self.summary.clone().filter(|summary| summary.through <= through);
        let bytes = entries.iter().map(|stored| stored.entry.size()).sum::<u64>()
            + summary.as_ref().map_or(0, |summary| summary.text.len() as u64);
        Ok(Self {
            number: 0,
            version: through.number(),
            title: self.title.clone(),
            created_millis: now,
            // The clock may have gone backward since the last entry.
            updated_millis: entries.last().map_or(now, |last| now.max(last.created_millis)),
            state,
            usage: entries
                .iter()
                .fold(Usage::default(), |sum, stored| sum + stored.entry.usage),
            versions: entries
                .iter()
                .map(|stored| (stored.entry.id, stored.version))
                .collect(),
            summary,
            entries,
            bytes,
        })
    }

    /// Deletes the oldest entries.
    pub(crate) fn prune(&mut self, retention: Retention) -> Pruned {
        let newest = usize::try_from(retention.newest_count()).unwrap_or(usize::MAX);
        let candidates = self.entries.len().saturating_sub(newest);
        let count = match retention.since_millis() {
            None => candidates,
            Some(since) => self.entries[..candidates].partition_point(|stored| stored.created_millis < since),
        };
        let mut bytes = 0;
        for stored in self.entries.drain(..count) {
            self.versions.remove(&stored.entry.id);
            bytes += stored.entry.size();
        }
        self.bytes -= bytes;
        Pruned::new(count as u64, bytes)
    }

    /// Returns `true` if the title or a message contains the text.
    pub(crate) fn contains(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        let in_title = self
            .title
            .as_ref()
            .is_some_and(|title| title.to_lowercase().contains(&lower));
        in_title
            || self
                .entries
                .iter()
                .any(|stored| contains_text(&stored.entry, text))
    }

    pub(crate) fn info(&self, id: &str) -> SessionInfo {
        let mut info = SessionInfo::new(id, self.version());
        info.title.clone_from(&self.title);
        info.usage = self.usage;
        info.bytes = self.bytes;
        info.created_millis = self.created_millis;
        info.updated_millis = self.updated_millis;
        info
    }
}
