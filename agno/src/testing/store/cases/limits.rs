//! The limits of a store.

use std::sync::Arc;

use super::super::fixture::{
    CaseResult, Suite, ada, cases, ensure, ensure_eq, ensure_error, entry, key, owner,
};
use crate::store::{
    Append, Entry, EntryId, OpenedSession, Retention, SessionKey, SessionStore, StoreErrorKind, StoreLimits,
    Summary, Version,
};

cases! {
    "limits":
    an_entry_that_is_too_large_is_refused_and_leaves_nothing,
    the_state_counts_for_the_size_of_an_entry,
    an_entry_beyond_the_bytes_of_its_owner_is_refused_and_leaves_nothing,
    a_session_beyond_the_number_of_its_owner_is_refused_and_leaves_nothing,
    the_limits_hold_for_each_owner,
    deleted_pruned_and_erased_entries_free_their_bytes,
    deleted_sessions_free_their_number,
    forks_count_for_the_limits,
    summaries_count_for_the_bytes_and_a_new_one_replaces_the_old,
    an_entry_that_was_appended_is_found_again_at_the_limits,
}

/// Creates an entry of a size.
fn sized(bytes: usize) -> Entry {
    Entry::new(EntryId::new(), vec![b'x'; bytes])
}

async fn an_entry_that_is_too_large_is_refused_and_leaves_nothing(suite: &Suite<'_>) -> CaseResult {
    let store = suite
        .fresh_with(StoreLimits::DEFAULT.with_max_entry_bytes(1000))
        .await?;
    let key = key("s")?;
    let large = sized(1001);
    let result = store
        .store
        .append(&key, Append::at(Version::NEW), large.clone())
        .await;
    let error = ensure_error(result, StoreErrorKind::Limit, "an entry of 1,001 bytes")?;
    ensure_eq(error.entry(), Some(&large), "the entry in the error")?;
    ensure_eq(store.open(&key).await?, OpenedSession::NEW, "the session")?;
    ensure_eq(store.ids(&ada()?).await?, [""; 0], "the sessions")?;
    store.append(&key, sized(1000)).await?;
    let before = store.open(&key).await?;
    let result = store
        .store
        .append(&key, Append::at(before.version), sized(1001))
        .await;
    ensure_error(result, StoreErrorKind::Limit, "an entry of 1,001 bytes")?;
    ensure_eq(store.open(&key).await?, before, "the session")
}

async fn the_state_counts_for_the_size_of_an_entry(suite: &Suite<'_>) -> CaseResult {
    let store = suite
        .fresh_with(StoreLimits::DEFAULT.with_max_entry_bytes(1000))
        .await?;
    let mut entry = sized(600);
    entry.state = Some(Arc::from(vec![b'x'; 401]));
    let result = store
        .store
        .append(&key("s")?, Append::at(Version::NEW), entry)
        .await;
    ensure_error(
        result,
        StoreErrorKind::Limit,
        "an entry of 600 bytes with a state of 401",
    )
    .map(drop)
}

async fn an_entry_beyond_the_bytes_of_its_owner_is_refused_and_leaves_nothing(
    suite: &Suite<'_>,
) -> CaseResult {
    let store = suite
        .fresh_with(StoreLimits::DEFAULT.with_max_bytes(1000))
        .await?;
    let (one, two) = (key("one")?, key("two")?);
    store.append(&one, sized(600)).await?;
    let refused = sized(401);
    let result = store
        .store
        .append(&two, Append::at(Version::NEW), refused.clone())
        .await;
    let error = ensure_error(result, StoreErrorKind::Limit, "an entry that exceeds 1,000 bytes")?;
    ensure_eq(error.entry(), Some(&refused), "the entry in the error")?;
    ensure_eq(store.ids(&ada()?).await?, ["one"], "the sessions")?;
    ensure_eq(store.open(&two).await?, OpenedSession::NEW, "the refused session")?;
    store.append(&two, sized(400)).await?;
    let result = store
        .store
        .append(&one, Append::at(Version::from_number(1)), sized(1))
        .await;
    ensure_error(result, StoreErrorKind::Limit, "one byte more")?;
    ensure_eq(
        store.version(&one).await?.number(),
        1,
        "the version of the session",
    )
}

async fn a_session_beyond_the_number_of_its_owner_is_refused_and_leaves_nothing(
    suite: &Suite<'_>,
) -> CaseResult {
    let store = suite
        .fresh_with(StoreLimits::DEFAULT.with_max_sessions(2))
        .await?;
    for id in ["one", "two"] {
        store.append_text(&key(id)?, "text").await?;
    }
    let refused = entry("refused");
    let result = store
        .store
        .append(&key("three")?, Append::at(Version::NEW), refused.clone())
        .await;
    let error = ensure_error(result, StoreErrorKind::Limit, "the third session")?;
    ensure_eq(error.entry(), Some(&refused), "the entry in the error")?;
    ensure_eq(store.ids(&ada()?).await?, ["two", "one"], "the sessions")?;
    store.append_text(&key("one")?, "more").await?;
    Ok(())
}

async fn the_limits_hold_for_each_owner(suite: &Suite<'_>) -> CaseResult {
    let limits = StoreLimits::DEFAULT.with_max_sessions(1).with_max_bytes(1000);
    let store = suite.fresh_with(limits).await?;
    for owner in [ada()?, owner("bob")?, crate::session::Owner::shared()] {
        store.append(&SessionKey::new(owner, "s")?, sized(1000)).await?;
    }
    Ok(())
}

async fn deleted_pruned_and_erased_entries_free_their_bytes(suite: &Suite<'_>) -> CaseResult {
    let store = suite
        .fresh_with(StoreLimits::DEFAULT.with_max_bytes(1000))
        .await?;
    let key = key("s")?;
    for round in 0..3 {
        store.append(&key, sized(500)).await?;
        store.append(&key, sized(500)).await?;
        let at = Append::at(store.version(&key).await?);
        ensure_error(
            store.store.append(&key, at, sized(1)).await,
            StoreErrorKind::Limit,
            format_args!("a byte beyond the limit in round {round}"),
        )?;
        match round {
            0 => drop(store.store.prune(&ada()?, Retention::newest(0)).await?),
            1 => ensure(store.store.delete(&key).await?, "the session must exist")?,
            _ => drop(store.store.erase(&ada()?).await?),
        }
    }
    store.append(&key, sized(1000)).await?;
    Ok(())
}

async fn deleted_sessions_free_their_number(suite: &Suite<'_>) -> CaseResult {
    let store = suite
        .fresh_with(StoreLimits::DEFAULT.with_max_sessions(1))
        .await?;
    store.append_text(&key("one")?, "text").await?;
    store.store.delete(&key("one")?).await?;
    store.append_text(&key("two")?, "text").await?;
    store.store.erase(&ada()?).await?;
    store.append_text(&key("three")?, "text").await?;
    Ok(())
}

async fn forks_count_for_the_limits(suite: &Suite<'_>) -> CaseResult {
    let limits = StoreLimits::DEFAULT.with_max_sessions(3).with_max_bytes(1000);
    let store = suite.fresh_with(limits).await?;
    let source = key("source")?;
    store.append(&source, sized(300)).await?;
    store.append(&source, sized(200)).await?;
    let first = Version::from_number(1);
    store.store.fork(&source, first, "one").await?;
    let result = store.store.fork(&source, first, "two").await;
    ensure_error(result, StoreErrorKind::Limit, "a fork that exceeds the bytes")?;
    ensure_eq(store.ids(&ada()?).await?, ["one", "source"], "the sessions")?;
    let result = store
        .store
        .append(&source, Append::at(first.next()), sized(201))
        .await;
    ensure_error(
        result,
        StoreErrorKind::Limit,
        "an entry that exceeds the bytes with the fork",
    )?;
    store.append(&key("three")?, sized(0)).await?;
    store.store.prune(&ada()?, Retention::newest(0)).await?;
    let result = store.store.fork(&source, first.next(), "four").await;
    ensure_error(
        result,
        StoreErrorKind::Limit,
        "a fork that exceeds the number of sessions",
    )?;
    store.append(&source, sized(1000)).await?;
    Ok(())
}

async fn summaries_count_for_the_bytes_and_a_new_one_replaces_the_old(suite: &Suite<'_>) -> CaseResult {
    let store = suite
        .fresh_with(StoreLimits::DEFAULT.with_max_bytes(1000))
        .await?;
    let key = key("s")?;
    let through = store.append(&key, sized(400)).await?;
    let result = store
        .store
        .summarize(&key, Summary::new(through, "x".repeat(601))?)
        .await;
    ensure_error(result, StoreErrorKind::Limit, "a summary that exceeds the bytes")?;
    ensure_eq(store.open(&key).await?.summary, None, "the summary")?;
    for text in ["x".repeat(600), "y".repeat(600), "z".repeat(599)] {
        store.store.summarize(&key, Summary::new(through, text)?).await?;
    }
    let result = store.store.append(&key, Append::at(through), sized(2)).await;
    ensure_error(
        result,
        StoreErrorKind::Limit,
        "an entry that exceeds the bytes with the summary",
    )?;
    store.append(&key, sized(1)).await?;
    Ok(())
}

async fn an_entry_that_was_appended_is_found_again_at_the_limits(suite: &Suite<'_>) -> CaseResult {
    let limits = StoreLimits::DEFAULT.with_max_sessions(1).with_max_bytes(1000);
    let store = suite.fresh_with(limits).await?;
    let entry = sized(1000);
    let first = store
        .store
        .append(&key("s")?, Append::at(Version::NEW), entry.clone())
        .await?;
    let repeated = store
        .store
        .append(&key("s")?, Append::at(Version::NEW), entry)
        .await?;
    ensure_eq(repeated, first, "the version that the second append returns")
}
