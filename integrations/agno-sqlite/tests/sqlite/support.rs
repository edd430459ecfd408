//! Helpers of the tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use agno::message::Message;
use agno::session::Owner;
use agno::store::{Append, Clock, Entry, SessionKey, SessionStore, Version};
use agno_sqlite::Sqlite;
use tempfile::TempDir;

/// A directory with a database, deleted when it is dropped.
pub(crate) struct Directory(TempDir);

impl Directory {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("app.db")
    }

    pub(crate) async fn open(&self) -> Sqlite {
        Sqlite::open(self.path()).await.unwrap()
    }

    /// Returns a connection of another program.
    pub(crate) fn connect(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }

    /// Returns the bytes of the database and of the files beside it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.0.path()).unwrap();
        files
            .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .collect()
    }

    /// Returns `true` if a file contains the text.
    pub(crate) fn contains(&self, text: &str) -> bool {
        let bytes = self.bytes();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

/// A clock that a test sets. Clones share the time.
#[derive(Clone)]
pub(crate) struct ManualClock(Arc<AtomicU64>);

impl ManualClock {
    pub(crate) fn new(millis: u64) -> Self {
        Self(Arc::new(AtomicU64::new(millis)))
    }

    pub(crate) fn set(&self, millis: u64) {
        self.0.store(millis, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn unix_millis(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A clock that stops its first call until the gate is open. The operations that are sent until then share a transaction.
#[derive(Clone, Default)]
pub(crate) struct GatedClock {
    calls: Arc<AtomicU64>,
    is_open: Arc<AtomicBool>,
    third: Option<fn()>,
}

impl GatedClock {
    /// Sets a function that the third call executes.
    pub(crate) fn on_third_call(mut self, third: fn()) -> Self {
        self.third = Some(third);
        self
    }

    pub(crate) fn open(&self) {
        self.is_open.store(true, Ordering::SeqCst);
    }
}

impl Clock for GatedClock {
    fn unix_millis(&self) -> u64 {
        match (self.calls.fetch_add(1, Ordering::SeqCst), self.third) {
            (0, _) => {
                while !self.is_open.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
            }
            (2, Some(third)) => third(),
            _ => {}
        }
        1_000
    }
}

pub(crate) fn key(owner: &str, id: &str) -> SessionKey {
    SessionKey::new(Owner::new(owner).unwrap(), id).unwrap()
}

pub(crate) fn entry(text: &str) -> Entry {
    Entry::from_messages([Message::user(text)]).unwrap()
}

pub(crate) async fn append(store: &impl SessionStore, key: &SessionKey, version: u64, text: &str) -> Version {
    let at = Append::at(Version::from_number(version));
    store.append(key, at, entry(text)).await.unwrap()
}

/// Returns the text of each message of the entries.
pub(crate) fn texts(opened: &agno::store::OpenedSession) -> Vec<String> {
    let messages = |stored: &agno::store::StoredEntry| {
        let (segment, _) = stored.entry.decode().unwrap();
        segment
            .messages()
            .iter()
            .map(|message| message.text().to_string())
            .collect::<Vec<_>>()
    };
    opened.entries.iter().flat_map(messages).collect()
}
