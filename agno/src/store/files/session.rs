//! The directory of one session.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::{
    Entry, EntryId, Need, OpenedSession, Result, SessionInfo, StoreError, StoreErrorKind, Summary, Version,
    contains_text,
};
use super::layout::{
    children, found, io_error, read_hint, read_json, sync_parent, temporary, write_hint, write_json,
    write_new,
};
use super::record::{Properties, Record};
use crate::id::RunId;
use crate::model::Usage;

/// The directory of a session that exists.
pub(super) struct SessionDirectory {
    pub(super) path: PathBuf,
    pub(super) about: About,
    pub(super) sync: bool,
}

/// The file `session.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct About {
    pub(super) id: String,
    pub(super) number: u64,
    pub(super) created: u64,
}

/// The file `summary.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SavedSummary {
    pub(super) through: u64,
    text: String,
    usage: Usage,
    /// The usage of all summaries of the session.
    total_usage: Usage,
}

/// The file `title.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Title {
    title: Option<String>,
}

/// The file `pruned.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct PrunedBytes {
    pub(super) bytes: u64,
}

impl SessionDirectory {
    /// Returns the version of the session.
    pub(super) fn version(&self) -> Result<Version> {
        let exists = |version: Version| {
            found(fs::metadata(Record::path(&self.path, version))).map(|file| file.is_some())
        };
        // The newest entry is never deleted, and the hint is written after it.
        let hint = read_hint(&self.path.join("head"));
        let mut version = Version::from_number(hint.unwrap_or_default());
        if version != Version::NEW && !exists(version)? {
            version = Version::NEW;
        }
        if version == Version::NEW {
            // Without a hint, the file names have the version.
            let numbers = children(&self.path)?
                .into_iter()
                .filter_map(|path| version_of(&path));
            return Ok(numbers.max().unwrap_or(Version::NEW));
        }
        while exists(version.next())? {
            version = version.next();
        }
        Ok(version)
    }

    /// Returns the properties of the newest entry up to a version that has readable ones. They contain the totals.
    fn newest_until(&self, version: Version) -> Result<Option<Properties>> {
        let mut number = version.number();
        while number > 0 {
            match Record::read_properties(&self.path, Version::from_number(number), &self.about.id) {
                // A damaged entry must not make the others inaccessible.
                Err(error) if error.kind() == StoreErrorKind::Damaged => number -= 1,
                read => return read,
            }
        }
        Ok(None)
    }

    /// Returns the properties of the newest entry that has readable ones.
    pub(super) fn newest(&self) -> Result<Option<Properties>> {
        self.newest_until(self.version()?)
    }

    /// Returns the version of the oldest entry.
    fn oldest(&self) -> Result<Version> {
        let versions = children(&self.path)?
            .into_iter()
            .filter_map(|path| version_of(&path));
        Ok(versions.min().unwrap_or(Version::NEW))
    }

    /// Returns the version of an entry that was appended already, perhaps after the version `at`.
    pub(super) fn appended(&self, id: EntryId, at: Version) -> Result<Option<Version>> {
        // The program that appended it may have been killed before it linked the ID.
        match Record::read_properties(&self.path, at.next(), &self.about.id) {
            Ok(Some(after)) if after.id == id.to_string() => return Ok(Some(at.next())),
            Err(error) if error.kind() != StoreErrorKind::Damaged => return Err(error),
            _ => {}
        }
        let link = self.path.join("ids").join(id.to_string());
        let Some(bytes) = found(fs::read(&link))? else {
            return Ok(None);
        };
        #[derive(Deserialize)]
        struct Line {
            version: u64,
        }
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        Ok(serde_json::from_slice::<Line>(line)
            .ok()
            .map(|line| Version::from_number(line.version)))
    }

    /// Appends an entry after the version `at`. A name can be linked only once, so of two programs that append at the same
    /// version, one fails.
    pub(super) fn append(&self, entry: &Entry, at: Version, now: u64) -> Result<Version> {
        let previous = self.newest_until(at)?;
        let version = at.next();
        let properties = Properties::new(entry, version, previous.as_ref(), now);
        let state = entry.state.as_deref().map(|state| [state, b"\n"].concat());
        let path = Record::path(&self.path, version);
        let written = temporary(&path);
        write_new(
            &written,
            &[
                &properties.line()?,
                &entry.body,
                b"\n",
                &state.unwrap_or_default(),
            ],
            self.sync,
        )?;
        let linked = fs::hard_link(&written, &path);
        let _ = fs::remove_file(&written);
        match linked {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(StoreError::conflict(at, self.version()?));
            }
            Err(error) => return Err(io_error(error)),
        }
        sync_parent(&path, self.sync)?;
        // The entry is in the log now. If this fails, an append of the same entry is recognized by its version.
        let _ = fs::hard_link(&path, self.path.join("ids").join(properties.id.as_str()));
        // Only a hint, so a failure has no effect.
        let _ = write_hint(&self.path.join("head"), version.number());
        Ok(version)
    }

    pub(super) fn saved_summary(&self) -> Result<Option<SavedSummary>> {
        read_json(&self.path.join("summary.json"))
    }

    fn summary(&self) -> Result<Option<Summary>> {
        let Some(saved) = self.saved_summary()? else {
            return Ok(None);
        };
        let summary = Summary::new(Version::from_number(saved.through), saved.text)?;
        Ok(Some(summary.with_usage(saved.usage)))
    }

    /// Stores a summary.
    pub(super) fn summarize(&self, summary: Summary) -> Result<()> {
        let (version, saved) = (self.version()?, self.saved_summary()?);
        let is_older = saved
            .as_ref()
            .is_some_and(|saved| saved.through > summary.through.number());
        if summary.through > version || is_older {
            return Err(StoreError::conflict(summary.through, version));
        }
        let total_usage = saved.map(|saved| saved.total_usage).unwrap_or_default() + summary.usage;
        let saved = SavedSummary {
            through: summary.through.number(),
            text: summary.text,
            usage: summary.usage,
            total_usage,
        };
        write_json(&self.path.join("summary.json"), &saved, self.sync)
    }

    pub(super) fn title(&self) -> Result<Option<String>> {
        Ok(read_json::<Title>(&self.path.join("title.json"))?.and_then(|title| title.title))
    }

    pub(super) fn rename(&self, title: Option<&str>) -> Result<()> {
        let title = Title {
            title: title.map(ToOwned::to_owned),
        };
        write_json(&self.path.join("title.json"), &title, self.sync)
    }

    /// Reads the part of the log that a program needs.
    pub(super) fn open(&self, need: Need) -> Result<OpenedSession> {
        let mut opened = OpenedSession::NEW;
        opened.version = self.version()?;
        let Some(newest) = self.newest_until(opened.version)? else {
            return match opened.version {
                Version::NEW => Ok(opened),
                version => Err(StoreError::damaged(&self.about.id, version)),
            };
        };
        let summary = self.summary()?;
        let covered = summary.as_ref().map_or(Version::NEW, |summary| summary.through);
        opened.created_millis = self.about.created;
        opened.updated_millis = newest.created.max(self.about.created);
        opened.title = self.title()?;
        opened.summary = summary;
        opened.state = match newest.state_version.map(Version::from_number) {
            Some(version) => self.state(version)?,
            None => None,
        };
        let (mut messages, mut tokens) = (0, 0);
        let mut runs: HashSet<RunId> = HashSet::new();
        let mut number = opened.version.number();
        while number > covered.number() && !need.is_met(messages, tokens) {
            let version = Version::from_number(number);
            number -= 1;
            match Record::read(&self.path, version, &self.about.id) {
                // Everything older was pruned, or the entry was lost.
                Ok(None) if version < self.oldest()? => break,
                Ok(None) if need.skips_damaged() => opened.damaged.push(version),
                Ok(None) => return Err(StoreError::damaged(&self.about.id, version)),
                Ok(Some(record)) if record.properties.is_pruned => break,
                Ok(Some(record)) => {
                    // A run that was stored again later is in the later entry.
                    if record.properties.run.is_some_and(|run| !runs.insert(run)) {
                        continue;
                    }
                    messages += u64::from(record.properties.messages);
                    tokens += u64::from(record.properties.tokens);
                    opened.entries.push(record.into_stored()?);
                }
                Err(error) if error.kind() == StoreErrorKind::Damaged && need.skips_damaged() => {
                    opened.damaged.push(version);
                }
                Err(error) => return Err(error),
            }
        }
        opened.entries.reverse();
        opened.damaged.reverse();
        Ok(opened)
    }

    pub(super) fn state(&self, version: Version) -> Result<Option<std::sync::Arc<[u8]>>> {
        let state = self.path.join(format!("state-{}", version.number()));
        // The entry with the state may have been pruned, which keeps its state.
        if let Some(bytes) = found(fs::read(state))? {
            return Ok(Some(bytes.into()));
        }
        let record = Record::read(&self.path, version, &self.about.id)?;
        Ok(record.and_then(|record| record.state()))
    }

    /// Returns `true` if the title or a message contains `text`.
    pub(super) fn contains(&self, text: &str) -> Result<bool> {
        let lower = text.to_lowercase();
        if self
            .title()?
            .is_some_and(|title| title.to_lowercase().contains(&lower))
        {
            return Ok(true);
        }
        let mut number = self.version()?.number();
        while number > 0 {
            match Record::read(&self.path, Version::from_number(number), &self.about.id) {
                Ok(None) if Version::from_number(number) < self.oldest()? => break,
                Ok(None) => {}
                Ok(Some(record)) => {
                    if contains_text(&record.into_stored()?.entry, text) {
                        return Ok(true);
                    }
                }
                // The others may contain the text.
                Err(error) if error.kind() == StoreErrorKind::Damaged => {}
                Err(error) => return Err(error),
            }
            number -= 1;
        }
        Ok(false)
    }

    /// Returns the number of entries that were not pruned.
    pub(super) fn entry_count(&self) -> Result<u64> {
        Ok(children(&self.path.join("ids"))?.len() as u64)
    }

    /// Returns the number of bytes of the entries and of the summary.
    pub(super) fn bytes(&self) -> Result<u64> {
        let pruned: PrunedBytes = read_json(&self.path.join("pruned.json"))?.unwrap_or_default();
        let total = self.newest()?.map_or(0, |newest| newest.total_bytes);
        Ok(total.saturating_sub(pruned.bytes) + self.summary_bytes()?)
    }

    /// Returns the number of bytes of the summary.
    pub(super) fn summary_bytes(&self) -> Result<u64> {
        Ok(self
            .saved_summary()?
            .map_or(0, |summary| summary.text.len() as u64))
    }

    pub(super) fn info(&self) -> Result<SessionInfo> {
        let version = self.version()?;
        let newest = self.newest_until(version)?;
        let mut info = SessionInfo::new(self.about.id.as_str(), version);
        let summaries = self
            .saved_summary()?
            .map(|summary| summary.total_usage)
            .unwrap_or_default();
        info.title = self.title()?;
        info.usage = newest
            .as_ref()
            .map(|newest| newest.total_usage)
            .unwrap_or_default()
            + summaries;
        info.bytes = self.bytes()?;
        info.created_millis = self.about.created;
        info.updated_millis = newest.map_or(0, |newest| newest.created).max(self.about.created);
        Ok(info)
    }
}

/// Returns the version in the name of an entry's file.
pub(super) fn version_of(path: &Path) -> Option<Version> {
    let name = path.file_name()?.to_str()?.strip_suffix(".jsonl")?;
    name.parse().ok().map(Version::from_number)
}
