//! The file of an entry: its properties, its body and its state, on one line each.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::{Entry, Result, StoreError, StoreErrorKind, StoredEntry, Version, checksum};
use super::layout::{ENTRY, found, json_line};
use crate::id::RunId;
use crate::model::Usage;

/// The format of entries.
const FORMAT: u32 = 1;

/// The properties of an entry, and of the session after it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Properties {
    format: u32,
    version: u64,
    pub(super) id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) run: Option<RunId>,
    agent: String,
    status: String,
    pub(super) messages: u32,
    pub(super) tokens: u32,
    usage: Usage,
    pub(super) created: u64,
    body_bytes: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state_bytes: Option<usize>,
    /// The checksum of the body and the state.
    checksum: u64,
    /// The checksum of this line, with 0 in place of this field.
    line_checksum: u64,
    /// The messages of the entry were pruned.
    #[serde(default)]
    pub(super) is_pruned: bool,
    /// The usage of all entries up to this one.
    pub(super) total_usage: Usage,
    /// The bytes of all entries up to this one.
    pub(super) total_bytes: u64,
    /// The newest version with a state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) state_version: Option<u64>,
}

impl Properties {
    /// Describes an entry after the entry with the properties `previous`.
    pub(super) fn new(entry: &Entry, version: Version, previous: Option<&Self>, now: u64) -> Self {
        let number = version.number();
        Self {
            format: FORMAT,
            version: number,
            id: entry.id.to_string(),
            run: entry.run,
            agent: entry.agent.clone(),
            status: entry.status.as_str().to_owned(),
            messages: entry.messages,
            tokens: entry.tokens,
            usage: entry.usage,
            // The clock may have gone backward.
            created: previous.map_or(now, |previous| previous.created.max(now)),
            body_bytes: entry.body.len(),
            state_bytes: entry.state.as_ref().map(|state| state.len()),
            checksum: checksum(&[&entry.body, entry.state.as_deref().unwrap_or_default()]),
            line_checksum: 0,
            is_pruned: false,
            total_usage: previous.map(|previous| previous.total_usage).unwrap_or_default() + entry.usage,
            total_bytes: previous.map_or(0, |previous| previous.total_bytes) + entry.size(),
            state_version: match entry.state {
                Some(_) => Some(number),
                None => previous.and_then(|previous| previous.state_version),
            },
        }
    }

    pub(super) fn version(&self) -> Version {
        Version::from_number(self.version)
    }

    /// Returns the number of bytes of the body and the state.
    pub(super) fn size(&self) -> u64 {
        (self.body_bytes + self.state_bytes.unwrap_or_default()) as u64
    }

    /// Describes the entry after its messages were pruned.
    pub(super) fn pruned(mut self) -> Self {
        self.is_pruned = true;
        self.body_bytes = 0;
        self.state_bytes = None;
        self.checksum = checksum(&[]);
        self
    }

    /// Returns the first line of the file.
    pub(super) fn line(&self) -> Result<Vec<u8>> {
        let mut line = self.clone();
        line.line_checksum = self.sum()?;
        json_line(&line)
    }

    /// Returns the checksum of the line.
    fn sum(&self) -> Result<u64> {
        let mut line = self.clone();
        line.line_checksum = 0;
        Ok(checksum(&[&json_line(&line)?]))
    }
}

/// The file of an entry.
pub(super) struct Record {
    pub(super) properties: Properties,
    body: Arc<[u8]>,
    state: Option<Arc<[u8]>>,
}

impl Record {
    /// Returns the path of the entry with this version.
    pub(super) fn path(session: &Path, version: Version) -> PathBuf {
        session.join(format!("{:020}.{ENTRY}", version.number()))
    }

    /// Reads the entry with this version; `None` if it does not exist.
    pub(super) fn read(session: &Path, version: Version, id: &str) -> Result<Option<Self>> {
        let Some(bytes) = found(fs::read(Self::path(session, version)))? else {
            return Ok(None);
        };
        match Self::parse(&bytes, version)? {
            Some(record) => Ok(Some(record)),
            None => Err(StoreError::damaged(id, version)),
        }
    }

    /// Reads the properties of the entry with this version; `None` if it does not exist.
    pub(super) fn read_properties(session: &Path, version: Version, id: &str) -> Result<Option<Properties>> {
        // The body may be damaged, but its properties are needed to append.
        let Some(bytes) = found(fs::read(Self::path(session, version)))? else {
            return Ok(None);
        };
        match properties(&bytes, version)? {
            Some((properties, _)) => Ok(Some(properties)),
            None => Err(StoreError::damaged(id, version)),
        }
    }

    /// Parses the file of an entry. Returns `None` if it is damaged.
    fn parse(bytes: &[u8], version: Version) -> Result<Option<Self>> {
        let Some((properties, rest)) = properties(bytes, version)? else {
            return Ok(None);
        };
        let Some((body, rest)) = rest.split_at_checked(properties.body_bytes) else {
            return Ok(None);
        };
        let state = match properties.state_bytes {
            None => None,
            // A line feed separates the state from the body.
            Some(len) => match rest.get(1..).and_then(|rest| rest.get(..len)) {
                Some(state) => Some(state),
                None => return Ok(None),
            },
        };
        if checksum(&[body, state.unwrap_or_default()]) != properties.checksum {
            return Ok(None);
        }
        Ok(Some(Self {
            body: body.into(),
            state: state.map(Into::into),
            properties,
        }))
    }

    pub(super) fn state(&self) -> Option<Arc<[u8]>> {
        self.state.clone()
    }

    /// Converts the file into the entry.
    pub(super) fn into_stored(self) -> Result<StoredEntry> {
        let properties = self.properties;
        let mut entry = Entry::new(properties.id.parse()?, self.body);
        entry.run = properties.run;
        entry.agent = properties.agent;
        entry.status = properties.status.parse()?;
        entry.messages = properties.messages;
        entry.tokens = properties.tokens;
        entry.usage = properties.usage;
        entry.state = self.state;
        let version = Version::from_number(properties.version);
        Ok(StoredEntry::new(version, properties.created, entry))
    }
}

/// Reads the first line of the file of an entry. Returns `None` if it is damaged.
fn properties(bytes: &[u8], version: Version) -> Result<Option<(Properties, &[u8])>> {
    #[derive(Deserialize)]
    struct Head {
        format: u32,
    }
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
        return Ok(None);
    };
    let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
    if let Ok(head) = serde_json::from_slice::<Head>(line)
        && head.format > FORMAT
    {
        return Err(StoreError::new(
            StoreErrorKind::NewerFormat,
            format!(
                "an entry has format {}, and this release of agno reads formats up to {FORMAT}; update agno",
                head.format
            ),
        ));
    }
    match serde_json::from_slice::<Properties>(line) {
        Ok(properties)
            if properties.version() == version && properties.sum()? == properties.line_checksum =>
        {
            Ok(Some((properties, rest)))
        }
        _ => Ok(None),
    }
}
