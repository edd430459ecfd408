//! Stores of sessions, and runs in their sessions.

mod faulty;
mod files;
mod in_session;
mod resumed;
mod stored_session;
mod suite;

use agno::session::Owner;
use agno::store::{MemoryStore, Need, SessionKey, SessionStore, StoreError, StoredEntry};
use agno::{Error, Message};

/// Returns the owner of the sessions.
fn ada() -> Owner {
    Owner::new("ada").unwrap()
}

/// Returns the key of the session that the tests use.
fn key() -> SessionKey {
    SessionKey::new(ada(), "s").unwrap()
}

/// Returns the entries of the session.
async fn entries(store: &impl SessionStore) -> Vec<StoredEntry> {
    store.open(&key(), Need::ALL).await.unwrap().entries
}

/// Returns the messages of the session.
async fn messages(store: &impl SessionStore) -> Vec<Message> {
    let entries = entries(store).await.into_iter();
    entries
        .flat_map(|stored| stored.entry.decode().unwrap().0.into_messages())
        .collect()
}

/// Returns the texts of messages.
fn texts<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Vec<String> {
    let texts = messages.into_iter().map(Message::text);
    texts.map(|text| text.into_owned()).collect()
}

/// Returns the store as another process sees it.
fn other_process(store: &MemoryStore) -> MemoryStore {
    store.clone().with_locks(agno::store::SessionLocks::new())
}

/// Returns the error of the store that caused the error of a run.
fn store_error(error: &Error) -> &StoreError {
    let source = std::error::Error::source(error).expect("the error has a source");
    source.downcast_ref().expect("the source is an error of a store")
}
