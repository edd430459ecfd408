//! The order of entries, and versions.

use super::super::fixture::{
    CaseResult, Suite, cases, concurrently, ensure, ensure_eq, ensure_error, entry, key, texts, versions,
};
use crate::store::{Append, DynSessionStore, Need, SessionKey, SessionStore, StoreErrorKind, Version};

cases! {
    "order":
    a_session_that_was_never_used_is_new_and_empty,
    entries_are_returned_in_the_order_in_which_they_were_appended,
    each_entry_increases_the_version_by_one,
    the_first_entry_creates_the_session,
    an_append_to_an_outdated_version_is_a_conflict_that_holds_the_entry_and_the_current_version,
    an_append_to_a_future_version_is_a_conflict,
    creating_a_session_that_exists_is_a_conflict_and_its_history_stays,
    an_entry_that_is_appended_twice_is_in_the_log_once,
    an_entry_that_is_appended_again_after_others_keeps_its_version,
    an_entry_that_is_appended_again_to_the_newest_version_is_not_appended,
    the_same_entry_can_be_in_two_sessions,
    of_64_concurrent_appends_to_one_version_one_succeeds_and_the_others_are_conflicts,
    concurrent_appends_that_retry_after_a_conflict_leave_no_gap,
    two_handles_with_64_concurrent_appends_leave_no_gap,
    the_locks_of_a_store_are_the_same_for_each_call,
    a_second_handle_sees_each_entry_of_the_first_and_has_other_locks,
}

async fn a_session_that_was_never_used_is_new_and_empty(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let opened = store.open(&key("s")?).await?;
    ensure_eq(opened, crate::store::OpenedSession::NEW, "the session")?;
    ensure_eq(
        store.ids(key("s")?.owner()).await?,
        [""; 0],
        "the list of sessions",
    )
}

async fn entries_are_returned_in_the_order_in_which_they_were_appended(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let expected: Vec<String> = (1..=120).map(|number| number.to_string()).collect();
    for text in &expected {
        store.append_text(&key, text).await?;
    }
    ensure_eq(store.texts(&key).await?, expected, "the texts of the entries")
}

async fn each_entry_increases_the_version_by_one(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    for number in 1..=5 {
        let version = store.append_text(&key, "text").await?;
        ensure_eq(version.number(), number, "the version that `append` returns")?;
        ensure_eq(store.version(&key).await?, version, "the version of the session")?;
    }
    let entries = store.open(&key).await?.entries;
    ensure_eq(versions(&entries), [1, 2, 3, 4, 5], "the versions of the entries")
}

async fn the_first_entry_creates_the_session(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let version = store
        .store
        .append(&key, Append::at(Version::NEW), entry("Hi"))
        .await?;
    ensure_eq(version, Version::from_number(1), "the version")?;
    ensure_eq(store.ids(key.owner()).await?, ["s"], "the list of sessions")
}

async fn an_append_to_an_outdated_version_is_a_conflict_that_holds_the_entry_and_the_current_version(
    suite: &Suite<'_>,
) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let first = store.append_text(&key, "one").await?;
    let second = store.append_text(&key, "two").await?;
    let outdated = entry("late");
    let result = store
        .store
        .append(&key, Append::at(first), outdated.clone())
        .await;
    let error = ensure_error(result, StoreErrorKind::Conflict, "the append")?;
    ensure_eq(
        error.current_version(),
        Some(second),
        "the current version in the error",
    )?;
    ensure_eq(error.entry(), Some(&outdated), "the entry in the error")?;
    ensure_eq(
        store.texts(&key).await?,
        ["one", "two"],
        "the texts of the entries",
    )
}

async fn an_append_to_a_future_version_is_a_conflict(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let at = Append::at(Version::from_number(1));
    let error = ensure_error(
        store.store.append(&key, at, entry("one")).await,
        StoreErrorKind::Conflict,
        "the append to a session that does not exist",
    )?;
    ensure_eq(
        error.current_version(),
        Some(Version::NEW),
        "the current version in the error",
    )?;
    ensure_eq(store.ids(key.owner()).await?, [""; 0], "the list of sessions")?;

    let version = store.append_text(&key, "one").await?;
    let error = ensure_error(
        store
            .store
            .append(&key, Append::at(version.next()), entry("two"))
            .await,
        StoreErrorKind::Conflict,
        "the append to a session that exists",
    )?;
    ensure_eq(
        error.current_version(),
        Some(version),
        "the current version in the error",
    )
}

async fn creating_a_session_that_exists_is_a_conflict_and_its_history_stays(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let version = store.append_text(&key, "one").await?;
    let result = store
        .store
        .append(&key, Append::at(Version::NEW), entry("two"))
        .await;
    let error = ensure_error(result, StoreErrorKind::Conflict, "the append")?;
    ensure_eq(
        error.current_version(),
        Some(version),
        "the current version in the error",
    )?;
    ensure_eq(store.texts(&key).await?, ["one"], "the texts of the entries")
}

async fn an_entry_that_is_appended_twice_is_in_the_log_once(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let entry = entry("once");
    let first = store
        .store
        .append(&key, Append::at(Version::NEW), entry.clone())
        .await?;
    let repeated = store.store.append(&key, Append::at(Version::NEW), entry).await?;
    ensure_eq(repeated, first, "the version that the second append returns")?;
    ensure_eq(store.texts(&key).await?, ["once"], "the texts of the entries")
}

async fn an_entry_that_is_appended_again_after_others_keeps_its_version(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let entry = entry("one");
    let first = store
        .store
        .append(&key, Append::at(Version::NEW), entry.clone())
        .await?;
    store.append_text(&key, "two").await?;
    store.append_text(&key, "three").await?;
    let repeated = store.store.append(&key, Append::at(Version::NEW), entry).await?;
    ensure_eq(repeated, first, "the version that the second append returns")?;
    ensure_eq(
        store.texts(&key).await?,
        ["one", "two", "three"],
        "the texts of the entries",
    )
}

async fn an_entry_that_is_appended_again_to_the_newest_version_is_not_appended(
    suite: &Suite<'_>,
) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let entry = entry("one");
    let first = store.append(&key, entry.clone()).await?;
    store.append_text(&key, "two").await?;
    let repeated = store.append(&key, entry).await?;
    ensure_eq(repeated, first, "the version that the second append returns")?;
    ensure_eq(
        store.version(&key).await?.number(),
        2,
        "the version of the session",
    )
}

async fn the_same_entry_can_be_in_two_sessions(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let (one, two) = (key("one")?, key("two")?);
    let entry = entry("shared");
    store.append(&one, entry.clone()).await?;
    store.append_text(&two, "first").await?;
    let version = store.append(&two, entry).await?;
    ensure_eq(version.number(), 2, "the version of the second session")?;
    ensure_eq(
        store.texts(&one).await?,
        ["shared"],
        "the texts of the first session",
    )?;
    ensure_eq(
        store.texts(&two).await?,
        ["first", "shared"],
        "the texts of the second session",
    )
}

async fn of_64_concurrent_appends_to_one_version_one_succeeds_and_the_others_are_conflicts(
    suite: &Suite<'_>,
) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let before = store.append_text(&key, "first").await?;
    let results = concurrently((0..64).map(|number| {
        let (store, key, entry) = (store.store.clone(), key.clone(), entry(&number.to_string()));
        let append = Append::at(before);
        async move { (entry.clone(), store.append(&key, append, entry).await) }
    }))
    .await?;
    let mut winner = None;
    for (entry, result) in results {
        match result {
            Ok(version) => {
                ensure_eq(version, before.next(), "the version after the append")?;
                ensure_eq(winner.replace(entry), None, "a second append that succeeded")?;
            }
            Err(_) => {
                let error = ensure_error(result, StoreErrorKind::Conflict, "an append")?;
                ensure_eq(
                    error.current_version(),
                    Some(before.next()),
                    "the current version in an error",
                )?;
                ensure_eq(error.entry(), Some(&entry), "the entry in an error")?;
            }
        }
    }
    let stored = store.open(&key).await?.entries;
    ensure_eq(versions(&stored), [1, 2], "the versions of the entries")?;
    ensure_eq(
        stored.into_iter().nth(1).map(|stored| stored.entry),
        winner,
        "the entry in the log",
    )
}

/// Appends until there is no conflict. Returns an error of another kind.
async fn append_after_others(
    store: DynSessionStore,
    key: SessionKey,
    text: String,
) -> crate::store::Result<Version> {
    let mut entry = entry(&text);
    let mut version = Version::NEW;
    loop {
        match store.append(&key, Append::at(version), entry).await {
            Err(error) if error.kind() == StoreErrorKind::Conflict => {
                version = match error.current_version() {
                    Some(current) if current > version => current,
                    _ => return Err(error),
                };
                match error.into_entry() {
                    Some(same) => entry = same,
                    None => return store.open(&key, Need::HEAD).await.map(|opened| opened.version),
                }
            }
            result => return result,
        }
    }
}

async fn appends_leave_no_gap(stores: [&DynSessionStore; 2]) -> CaseResult {
    let key = key("s")?;
    let results = concurrently((0..64).map(|number| {
        let store = stores[number % 2].clone();
        append_after_others(store, key.clone(), number.to_string())
    }))
    .await?;
    let mut returned = Vec::new();
    for result in results {
        returned.push(result?.number());
    }
    returned.sort_unstable();
    let all: Vec<u64> = (1..=64).collect();
    ensure_eq(returned, &all[..], "the versions that the appends returned")?;
    for store in stores {
        let opened = store.open(&key, Need::ALL).await?;
        ensure_eq(opened.version.number(), 64, "the version of the session")?;
        ensure_eq(versions(&opened.entries), &all[..], "the versions of the entries")?;
        let mut texts = texts(&opened.entries)?;
        texts.sort_unstable();
        texts.dedup();
        ensure_eq(texts.len(), 64, "the number of different entries")?;
    }
    Ok(())
}

async fn concurrent_appends_that_retry_after_a_conflict_leave_no_gap(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    appends_leave_no_gap([&store.store, &store.store]).await
}

async fn two_handles_with_64_concurrent_appends_leave_no_gap(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let second = store.open_again().await?;
    appends_leave_no_gap([&store.store, &second]).await
}

async fn the_locks_of_a_store_are_the_same_for_each_call(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let guard = store.store.locks().lock(&key("s")?).await;
    ensure_eq(store.store.locks().len(), 1, "the number of locks that are held")?;
    drop(guard);
    ensure(store.store.locks().is_empty(), "a released lock must not be held")
}

async fn a_second_handle_sees_each_entry_of_the_first_and_has_other_locks(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let second = store.open_again().await?;
    let key = key("s")?;
    for number in 1..=3 {
        let version = store.append_text(&key, "text").await?;
        let opened = second.open(&key, Need::ALL).await?;
        ensure_eq(opened.version, version, "the version that the second handle sees")?;
        ensure_eq(
            opened.entries.len(),
            number,
            "the number of entries that the second handle sees",
        )?;
    }
    let _guard = store.store.locks().lock(&key).await;
    ensure(second.locks().is_empty(), "another process must not share locks")
}
