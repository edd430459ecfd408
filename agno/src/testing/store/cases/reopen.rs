//! A store that is opened again has the same data.

use std::sync::Arc;
use std::time::Duration;

use super::super::fixture::{
    CaseResult, Suite, ada, cases, ensure_eq, ensure_error, entry, key, owner, texts,
};
use crate::store::{
    Append, Need, Page, Retention, SessionKey, SessionStore, StoreErrorKind, StoreLimits, Summary, Version,
};

cases! {
    "reopen":
    sessions_with_their_entries_are_the_same,
    lists_are_the_same_and_new_sessions_come_first,
    deleted_and_erased_sessions_stay_gone,
    entries_are_still_appended_once_and_outdated_versions_are_still_conflicts,
    leases_are_still_held,
    limits_still_count_what_is_stored,
}

async fn sessions_with_their_entries_are_the_same(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s\0 ü")?;
    for number in 1..=5_u8 {
        let mut entry = entry(&format!("{number} 🦀\0"));
        entry.state = Some(Arc::from([number]));
        store.append(&key, entry).await?;
        store.clock.advance(Duration::from_millis(1500));
    }
    store.store.rename(&key, Some("Title")).await?;
    store
        .store
        .summarize(&key, Summary::new(Version::from_number(2), "One and two.")?)
        .await?;
    store.store.prune(&ada()?, Retention::newest(4)).await?;
    let before = store.open(&key).await?;
    let store = store.reopen().await?;
    ensure_eq(&store.open(&key).await?, &before, "the session")?;
    let store = store.reopen().await?;
    ensure_eq(
        store.open(&key).await?,
        before,
        "the session after opening the store twice",
    )
}

async fn lists_are_the_same_and_new_sessions_come_first(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    for id in ["a", "c", "b", "d"] {
        store.append_text(&key(id)?, "opera").await?;
    }
    store.store.delete(&key("d")?).await?;
    let all = Page::first(10);
    let before = store.store.list(&ada()?, all).await?;
    let first = store.store.list(&ada()?, Page::first(1)).await?;
    let store = store.reopen().await?;
    ensure_eq(&store.store.list(&ada()?, all).await?, &before, "the list")?;
    ensure_eq(
        store.store.search(&ada()?, "opera", all).await?,
        before,
        "the results of a search",
    )?;
    store.append_text(&key("0")?, "text").await?;
    ensure_eq(store.ids(&ada()?).await?, ["0", "b", "c", "a"], "the sessions")?;
    if let Some(next) = first.next {
        let second = store.store.list(&ada()?, all.after(next)).await?;
        let ids: Vec<&str> = second.sessions.iter().map(|info| info.id.as_str()).collect();
        ensure_eq(ids, ["c", "a"], "the page after an earlier cursor")?;
    }
    Ok(())
}

async fn deleted_and_erased_sessions_stay_gone(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let bob = owner("bob")?;
    for key in [key("a")?, key("b")?, SessionKey::new(&bob, "a")?] {
        store.append_text(&key, "text").await?;
    }
    store.store.delete(&key("a")?).await?;
    store.store.erase(&bob).await?;
    let store = store.reopen().await?;
    ensure_eq(
        store.ids(&ada()?).await?,
        ["b"],
        "the sessions of the first owner",
    )?;
    ensure_eq(
        store.ids(&bob).await?,
        [""; 0],
        "the sessions of the second owner",
    )
}

async fn entries_are_still_appended_once_and_outdated_versions_are_still_conflicts(
    suite: &Suite<'_>,
) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let one = entry("one");
    let first = store.append(&key, one.clone()).await?;
    let second = store.append_text(&key, "two").await?;
    let store = store.reopen().await?;
    let repeated = store.store.append(&key, Append::at(Version::NEW), one).await?;
    ensure_eq(repeated, first, "the version that the second append returns")?;
    let outdated = store.store.append(&key, Append::at(first), entry("late")).await;
    let error = ensure_error(
        outdated,
        StoreErrorKind::Conflict,
        "an append to an outdated version",
    )?;
    ensure_eq(
        error.current_version(),
        Some(second),
        "the current version in the error",
    )?;
    store
        .store
        .append(&key, Append::at(second), entry("three"))
        .await?;
    let opened = store.store.open(&key, Need::ALL).await?;
    ensure_eq(
        texts(&opened.entries)?,
        ["one", "two", "three"],
        "the texts of the entries",
    )
}

async fn leases_are_still_held(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let minute = Duration::from_secs(60);
    let lease = store.store.lease(&key, minute).await?;
    let store = store.reopen().await?;
    let second = store.store.lease(&key, minute).await;
    ensure_error(second, StoreErrorKind::Leased, "a second lease")?;
    let append = Append::at(Version::NEW).with_lease(lease.token);
    store.store.append(&key, append, entry("text")).await?;
    // The process that held the lease ended: the lease expires.
    store.clock.advance(minute);
    store.store.lease(&key, minute).await?;
    Ok(())
}

async fn limits_still_count_what_is_stored(suite: &Suite<'_>) -> CaseResult {
    let limits = StoreLimits::DEFAULT.with_max_sessions(1).with_max_bytes(1000);
    let store = suite.fresh_with(limits).await?;
    let sized = |bytes| crate::store::Entry::new(crate::store::EntryId::new(), vec![b'x'; bytes]);
    let version = store.append(&key("s")?, sized(900)).await?;
    let store = store.reopen().await?;
    let more = store
        .store
        .append(&key("s")?, Append::at(version), sized(101))
        .await;
    ensure_error(more, StoreErrorKind::Limit, "an entry that exceeds the bytes")?;
    let other = store
        .store
        .append(&key("t")?, Append::at(Version::NEW), sized(1))
        .await;
    ensure_error(other, StoreErrorKind::Limit, "a second session")?;
    store.append(&key("s")?, sized(100)).await?;
    Ok(())
}
