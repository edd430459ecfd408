//! Damaged entries, and entries of later releases.

use super::super::fixture::{
    CaseResult, Fixture, Suite, ada, cases, ensure, ensure_eq, ensure_error, key, texts, versions,
};
use crate::session::Window;
use crate::store::{
    Entry, EntryId, Need, Page, SessionKey, SessionStore, StoreErrorKind, StoredSession, Version,
};

cases! {
    "damage":
    a_damaged_entry_is_an_error_that_names_the_session_and_the_version,
    the_entries_beside_a_damaged_one_can_be_read,
    damaged_entries_that_are_not_needed_are_not_noticed,
    damage_leaves_the_other_sessions_readable,
    a_damaged_session_can_be_listed_continued_and_deleted,
    an_entry_of_a_later_release_is_refused_by_its_kind,
    a_body_that_is_not_valid_is_damage_for_a_program,
}

const SECOND: Version = Version::from_number(2);

async fn damaged(store: &Fixture<'_>) -> CaseResult<SessionKey> {
    let key = key("session-17")?;
    for text in ["one", "two", "three", "four"] {
        store.append_text(&key, text).await?;
    }
    store.damage(&key, SECOND).await?;
    Ok(key)
}

async fn a_damaged_entry_is_an_error_that_names_the_session_and_the_version(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = damaged(&store).await?;
    let opened = store.store.open(&key, Need::ALL).await;
    let error = ensure_error(opened, StoreErrorKind::Damaged, "reading all entries")?.to_string();
    ensure(
        error.contains("session-17"),
        format_args!("the error must name the session: {error}"),
    )?;
    ensure(
        error.contains("entry 2"),
        format_args!("the error must name the version: {error}"),
    )?;
    ensure(!error.contains("ada"), "the error must not name the owner")
}

async fn the_entries_beside_a_damaged_one_can_be_read(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = damaged(&store).await?;
    let opened = store.store.open(&key, Need::ALL.without_damaged()).await?;
    ensure_eq(
        texts(&opened.entries)?,
        ["one", "three", "four"],
        "the texts of the entries",
    )?;
    ensure_eq(opened.damaged, [SECOND], "the damaged entries")?;
    ensure_eq(opened.version.number(), 4, "the version of the session")?;
    store.damage(&key, Version::from_number(4)).await?;
    let opened = store.store.open(&key, Need::ALL.without_damaged()).await?;
    ensure_eq(versions(&opened.entries), [1, 3], "the entries")?;
    let mut damaged = opened.damaged;
    damaged.sort_unstable();
    ensure_eq(damaged, [SECOND, Version::from_number(4)], "the damaged entries")
}

async fn damaged_entries_that_are_not_needed_are_not_noticed(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = damaged(&store).await?;
    let head = store.store.open(&key, Need::HEAD).await?;
    ensure_eq(head.version.number(), 4, "the version of the session")?;
    let opened = store.store.open(&key, Need::messages(4)).await?;
    ensure_eq(versions(&opened.entries), [3, 4], "the entries for 4 messages")?;
    ensure_eq(opened.damaged, [SECOND; 0], "the damaged entries")
}

async fn damage_leaves_the_other_sessions_readable(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let other = key("other")?;
    store.append_text(&other, "opera").await?;
    damaged(&store).await?;
    ensure_eq(
        store.texts(&other).await?,
        ["opera"],
        "the texts of another session",
    )?;
    let found = store.store.search(&ada()?, "opera", Page::first(10)).await?;
    let found: Vec<&str> = found.sessions.iter().map(|info| info.id.as_str()).collect();
    ensure_eq(found, ["other"], "the sessions that a search finds")
}

async fn a_damaged_session_can_be_listed_continued_and_deleted(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = damaged(&store).await?;
    ensure_eq(store.ids(&ada()?).await?, ["session-17"], "the sessions")?;
    let version = store.append_text(&key, "five").await?;
    ensure_eq(version.number(), 5, "the version after an append")?;
    let opened = store.store.open(&key, Need::messages(1)).await?;
    ensure_eq(texts(&opened.entries)?, ["five"], "the texts of the newest entry")?;
    ensure(
        store.store.delete(&key).await?,
        "deleting the session must return `true`",
    )?;
    ensure(
        !store.open(&key).await?.exists(),
        "the deleted session must be gone",
    )
}

async fn an_entry_of_a_later_release_is_refused_by_its_kind(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let body = br#"{"version":4000000000,"parts":[]}"#.to_vec();
    store.append(&key, Entry::new(EntryId::new(), body)).await?;
    for stored in store.open(&key).await?.entries {
        ensure_error(
            stored.entry.decode(),
            StoreErrorKind::NewerFormat,
            "decoding the entry",
        )?;
    }
    let session = StoredSession::open(&store.store, &key, Window::ALL).await;
    ensure_error(session, StoreErrorKind::NewerFormat, "opening the session").map(drop)
}

async fn a_body_that_is_not_valid_is_damage_for_a_program(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("session-17")?;
    store.append_text(&key, "text").await?;
    store
        .append(&key, Entry::new(EntryId::new(), b"{\"secret".to_vec()))
        .await?;
    let session = StoredSession::open(&store.store, &key, Window::ALL).await;
    let error = ensure_error(session, StoreErrorKind::Damaged, "opening the session")?.to_string();
    ensure(error.contains("session-17") && error.contains("entry 2"), &error)?;
    ensure(!error.contains("secret"), "the error must not quote the body")
}
