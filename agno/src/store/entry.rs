//! The entries of a session's log.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::{Result, StoreError, StoreErrorKind, Version, body};
use crate::id::RunId;
use crate::message::Message;
use crate::model::Usage;
use crate::run::Run;
use crate::session::{Segment, estimated_tokens};

/// An entry of a session's log: a run, or messages that no run produced.
///
/// A store reads only the fields of this struct. The messages are in the [`body`](Self::body), which agno writes and reads.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The ID of the entry. A store appends an entry only once.
    pub id: EntryId,
    /// The ID of the run. An entry replaces earlier entries with the same run.
    pub run: Option<RunId>,
    /// The name of the agent; empty if there is none.
    pub agent: String,
    /// The end of the run.
    pub status: EntryStatus,
    /// The number of messages.
    pub messages: u32,
    /// The number of tokens of the messages, estimated as for [`Window::tokens`](crate::session::Window::tokens).
    pub tokens: u32,
    /// The tokens that the run used.
    pub usage: Usage,
    /// The messages, as JSON. For a run that can be resumed, it contains the run as well.
    pub body: Arc<[u8]>,
    /// The state of the session after the run, as JSON, if the session has one.
    pub state: Option<Arc<[u8]>>,
}

impl Entry {
    /// Creates an entry from its ID and its body. A store uses it to read entries.
    pub fn new(id: EntryId, body: impl Into<Arc<[u8]>>) -> Self {
        Self {
            id,
            run: None,
            agent: String::new(),
            status: EntryStatus::Finished,
            messages: 0,
            tokens: 0,
            usage: Usage::default(),
            body: body.into(),
            state: None,
        }
    }

    /// Creates an entry from messages that no run produced.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Invalid`](StoreErrorKind::Invalid) if the messages cannot be serialized.
    pub fn from_messages(messages: impl IntoIterator<Item = Message>) -> Result<Self> {
        Self::encode(&Segment::new(None, messages), None)
    }

    /// Creates an entry from the messages of a run, and from the run if it stopped and can be resumed.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Invalid`](StoreErrorKind::Invalid) if the messages cannot be serialized.
    pub fn encode(segment: &Segment, run: Option<&Run>) -> Result<Self> {
        let body = body::encode(segment, run)?;
        let tokens: usize = segment.messages().iter().map(estimated_tokens).sum();
        Ok(Self {
            run: segment.run_id(),
            messages: u32::try_from(segment.messages().len()).unwrap_or(u32::MAX),
            tokens: u32::try_from(tokens).unwrap_or(u32::MAX),
            ..Self::new(EntryId::new(), body)
        })
    }

    /// Returns the messages, and the run if it can be resumed.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`NewerFormat`](StoreErrorKind::NewerFormat) if a later release of agno wrote the entry, or
    /// [`Invalid`](StoreErrorKind::Invalid) if the body is not valid.
    pub fn decode(&self) -> Result<(Segment, Option<Run>)> {
        body::decode(&self.body)
    }

    /// Returns the number of bytes of the body and the state.
    pub fn size(&self) -> u64 {
        let state = self.state.as_ref().map_or(0, |state| state.len());
        (self.body.len() + state) as u64
    }
}

/// Shows the sizes of the body and the state instead of their content, because errors contain entries.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id)
            .field("run", &self.run)
            .field("agent", &self.agent)
            .field("status", &self.status)
            .field("messages", &self.messages)
            .field("tokens", &self.tokens)
            .field("usage", &self.usage)
            .field("body_bytes", &self.body.len())
            .field("state_bytes", &self.state.as_ref().map(|state| state.len()))
            .finish()
    }
}

/// An entry that a store contains.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StoredEntry {
    /// The version of the session after this entry. The first entry has version 1.
    pub version: Version,
    /// The time when the entry was appended, in milliseconds since the Unix epoch.
    pub created_millis: u64,
    /// The entry.
    pub entry: Entry,
}

impl StoredEntry {
    /// Creates a stored entry.
    pub const fn new(version: Version, created_millis: u64, entry: Entry) -> Self {
        Self {
            version,
            created_millis,
            entry,
        }
    }

    /// Returns the time when the entry was appended.
    pub fn created_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.created_millis)
    }
}

/// The end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryStatus {
    /// The run returned an answer.
    Finished,
    /// The run is waiting for a decision or for a result.
    Paused,
    /// The run was cancelled or dropped.
    Cancelled,
    /// The run returned an error.
    Failed,
}

impl EntryStatus {
    /// Returns the name, such as `finished`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for EntryStatus {
    type Err = StoreError;

    fn from_str(name: &str) -> Result<Self> {
        [Self::Finished, Self::Paused, Self::Cancelled, Self::Failed]
            .into_iter()
            .find(|status| status.as_str() == name)
            .ok_or_else(|| StoreError::new(StoreErrorKind::NewerFormat, "the status of an entry is unknown"))
    }
}

/// A summary of the oldest entries of a session, which the model reads instead of them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// The version of the last entry that the summary covers.
    pub through: Version,
    /// The text.
    pub text: String,
    /// The tokens that writing the summary used.
    pub usage: Usage,
}

impl Summary {
    /// Creates a summary of all entries up to a version.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Invalid`](StoreErrorKind::Invalid) if the text is blank or the version is
    /// [`Version::NEW`]. Such a summary would replace messages with nothing.
    pub fn new(through: Version, text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        if text.trim().is_empty() || through == Version::NEW {
            return Err(StoreError::new(
                StoreErrorKind::Invalid,
                "a summary must have text and cover at least one entry",
            ));
        }
        Ok(Self {
            through,
            text,
            usage: Usage::default(),
        })
    }

    /// Sets the tokens that writing the summary used.
    #[must_use]
    pub const fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

/// The ID of an [`Entry`]. Its text has 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryId(RunId);

impl EntryId {
    /// Creates a new ID.
    #[expect(clippy::new_without_default, reason = "each ID is different")]
    pub fn new() -> Self {
        Self(RunId::new())
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryId({self})")
    }
}

impl FromStr for EntryId {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self> {
        text.parse().map(Self).map_err(|error| {
            StoreError::new(
                StoreErrorKind::Invalid,
                "the ID of an entry has 32 hexadecimal digits",
            )
            .with_source(error)
        })
    }
}
