//! Pruning and erasing.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use super::super::fixture::{
    CaseResult, Fixture, Suite, ada, cases, ensure, ensure_eq, ensure_error, entry, key, owner, versions,
};
use crate::session::Owner;
use crate::store::{
    Append, Clock, Entry, Need, OpenedSession, Page, Pruned, Removed, Retention, SessionKey, SessionStore,
    StoreErrorKind, Summary, Version,
};

cases! {
    "prune and erase":
    pruning_keeps_the_newest_entries_of_each_session,
    pruning_keeps_the_entries_since_a_time,
    an_entry_is_kept_if_one_of_the_rules_keeps_it,
    pruning_keeps_the_version_and_appending_continues,
    pruning_keeps_the_newest_summary_the_title_and_the_state,
    pruning_keeps_the_usage_and_frees_the_bytes,
    an_entry_that_was_pruned_is_not_appended_again,
    pruning_again_removes_nothing,
    erasing_removes_everything_of_an_owner,
    erasing_ends_the_leases_of_an_owner,
    an_owner_that_was_erased_can_start_again,
    no_erased_text_is_left_in_the_files,
}

async fn filled(store: &Fixture<'_>, key: &SessionKey, count: u64) -> CaseResult<Vec<Entry>> {
    let entries: Vec<Entry> = (1..=count).map(|number| entry(&number.to_string())).collect();
    for entry in &entries {
        store.append(key, entry.clone()).await?;
        store.clock.advance(Duration::from_secs(1));
    }
    Ok(entries)
}

async fn left(store: &Fixture<'_>, key: &SessionKey) -> CaseResult<Vec<u64>> {
    Ok(versions(&store.open(key).await?.entries))
}

async fn pruning_keeps_the_newest_entries_of_each_session(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let (long, short) = (key("long")?, key("short")?);
    let entries = filled(&store, &long, 5).await?;
    filled(&store, &short, 2).await?;
    let pruned = store.store.prune(&ada()?, Retention::newest(3)).await?;
    let bytes = entries.iter().take(2).map(Entry::size).sum();
    ensure_eq(pruned, Pruned::new(2, bytes), "what was pruned")?;
    ensure_eq(
        left(&store, &long).await?,
        [3, 4, 5],
        "the entries of the long session",
    )?;
    ensure_eq(
        left(&store, &short).await?,
        [1, 2],
        "the entries of the short session",
    )
}

async fn pruning_keeps_the_entries_since_a_time(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let start = UNIX_EPOCH + Duration::from_millis(store.clock.unix_millis());
    filled(&store, &key, 5).await?;
    let since = Retention::newest(0).or_since(start + Duration::from_secs(2));
    let pruned = store.store.prune(&ada()?, since).await?;
    ensure_eq(pruned.entries, 2, "the number of pruned entries")?;
    ensure_eq(left(&store, &key).await?, [3, 4, 5], "the entries since the time")?;
    let later = Retention::newest(0).or_since(start + Duration::from_millis(2001));
    store.store.prune(&ada()?, later).await?;
    ensure_eq(
        left(&store, &key).await?,
        [4, 5],
        "the entries since one millisecond later",
    )
}

async fn an_entry_is_kept_if_one_of_the_rules_keeps_it(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let start = UNIX_EPOCH + Duration::from_millis(store.clock.unix_millis());
    filled(&store, &key, 5).await?;
    let newest = Retention::newest(3).or_since(start + Duration::from_secs(60));
    store.store.prune(&ada()?, newest).await?;
    ensure_eq(left(&store, &key).await?, [3, 4, 5], "the newest entries")?;
    let recent = Retention::newest(1).or_since(start + Duration::from_secs(3));
    store.store.prune(&ada()?, recent).await?;
    ensure_eq(left(&store, &key).await?, [4, 5], "the recent entries")?;
    store.store.prune(&ada()?, Retention::newest(u64::MAX)).await?;
    ensure_eq(left(&store, &key).await?, [4, 5], "the entries after keeping all")
}

async fn pruning_keeps_the_version_and_appending_continues(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    filled(&store, &key, 3).await?;
    store.store.prune(&ada()?, Retention::newest(0)).await?;
    let opened = store.open(&key).await?;
    ensure_eq(opened.version.number(), 3, "the version of the session")?;
    ensure_eq(opened.entries.len(), 0, "the number of entries")?;
    ensure_eq(store.ids(&ada()?).await?, ["s"], "the sessions")?;
    let at_new = store
        .store
        .append(&key, Append::at(Version::NEW), entry("new"))
        .await;
    ensure_error(
        at_new,
        StoreErrorKind::Conflict,
        "an append that would create the session",
    )?;
    let version = store.append_text(&key, "four").await?;
    ensure_eq(version.number(), 4, "the version after an append")?;
    ensure_eq(store.texts(&key).await?, ["four"], "the texts of the entries")
}

async fn pruning_keeps_the_newest_summary_the_title_and_the_state(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let mut first = entry("one");
    first.state = Some(Arc::from(*b"state"));
    let through = store.append(&key, first).await?;
    filled(&store, &key, 2).await?;
    let summary = Summary::new(through, "One.")?;
    store.store.summarize(&key, summary.clone()).await?;
    store.store.rename(&key, Some("Title")).await?;
    let before = store.store.open(&key, Need::HEAD).await?;
    store.store.prune(&ada()?, Retention::newest(1)).await?;
    ensure_eq(
        store.store.open(&key, Need::HEAD).await?,
        before,
        "the head of the session",
    )?;
    store.store.prune(&ada()?, Retention::newest(0)).await?;
    let opened = store.open(&key).await?;
    ensure_eq(opened.summary, Some(summary), "the summary")?;
    ensure_eq(opened.title.as_deref(), Some("Title"), "the title")?;
    ensure(opened.state.as_deref() == Some(b"state"), "the state must stay")
}

async fn pruning_keeps_the_usage_and_frees_the_bytes(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let entries = filled(&store, &key("s")?, 4).await?;
    let before = store.store.list(&ada()?, Page::first(1)).await?;
    store.store.prune(&ada()?, Retention::newest(1)).await?;
    let after = store.store.list(&ada()?, Page::first(1)).await?;
    let newest = entries.last().map(Entry::size);
    for (before, after) in before.sessions.iter().zip(&after.sessions) {
        ensure_eq(after.usage, before.usage, "the usage of the session")?;
        ensure_eq(Some(after.bytes), newest, "the number of bytes of the session")?;
        ensure_eq(
            after.updated_millis,
            before.updated_millis,
            "the time of the last entry",
        )?;
    }
    ensure_eq(after.sessions.len(), 1, "the number of sessions")
}

async fn an_entry_that_was_pruned_is_not_appended_again(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let entries = filled(&store, &key, 2).await?;
    store.store.prune(&ada()?, Retention::newest(1)).await?;
    let first = entries.into_iter().next().unwrap_or_else(|| entry("missing"));
    let result = store.store.append(&key, Append::at(Version::NEW), first).await;
    ensure_error(result, StoreErrorKind::Conflict, "the append of the pruned entry")?;
    ensure_eq(left(&store, &key).await?, [2], "the entries")
}

async fn pruning_again_removes_nothing(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    filled(&store, &key("s")?, 4).await?;
    store.store.prune(&ada()?, Retention::newest(2)).await?;
    let repeated = store.store.prune(&ada()?, Retention::newest(2)).await?;
    ensure_eq(repeated, Pruned::default(), "what was pruned")
}

async fn erasing_removes_everything_of_an_owner(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let (one, two) = (key("one")?, key("two")?);
    filled(&store, &one, 3).await?;
    filled(&store, &two, 2).await?;
    store.store.rename(&one, Some("opera")).await?;
    store
        .store
        .summarize(&two, Summary::new(Version::from_number(1), "opera")?)
        .await?;
    ensure_eq(
        store.store.erase(&ada()?).await?,
        Removed::new(2, 5),
        "what was removed",
    )?;
    for key in [&one, &two] {
        ensure_eq(store.open(key).await?, OpenedSession::NEW, "an erased session")?;
    }
    ensure_eq(store.ids(&ada()?).await?, [""; 0], "the sessions")?;
    let found = store.store.search(&ada()?, "opera", Page::first(1)).await?;
    ensure_eq(
        found.sessions.len(),
        0,
        "the number of sessions that a search finds",
    )?;
    ensure_eq(
        store.store.erase(&ada()?).await?,
        Removed::default(),
        "what was removed the second time",
    )
}

async fn erasing_ends_the_leases_of_an_owner(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let (used, unused) = (key("used")?, key("unused")?);
    let minute = Duration::from_secs(60);
    filled(&store, &used, 1).await?;
    let first = store.store.lease(&used, minute).await?;
    store.store.lease(&unused, minute).await?;
    store.store.erase(&ada()?).await?;
    ensure_error(
        store.store.renew(&used, first.token, minute).await,
        StoreErrorKind::NotFound,
        "the renewal of a lease that was erased",
    )?;
    let append = Append::at(Version::NEW).with_lease(first.token);
    let result = store.store.append(&used, append, entry("late")).await;
    ensure_error(
        result,
        StoreErrorKind::Leased,
        "an append with a lease that was erased",
    )?;
    store.store.lease(&used, minute).await?;
    store.store.lease(&unused, minute).await?;
    Ok(())
}

async fn an_owner_that_was_erased_can_start_again(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let entries = filled(&store, &key, 3).await?;
    store.store.erase(&ada()?).await?;
    for entry in entries {
        store.append(&key, entry).await?;
    }
    ensure_eq(
        store.texts(&key).await?,
        ["1", "2", "3"],
        "the texts of the entries",
    )
}

async fn no_erased_text_is_left_in_the_files(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    // Without a copy of the complete text in the program, only the store's own data can contain it.
    let canary = |subject: &str| format!("canary-{subject}-7f3a9c");
    let erased: Owner = owner(&canary("owner"))?;
    let key = SessionKey::new(&erased, canary("id"))?;
    let kept = SessionKey::new(ada()?, "kept")?;
    for number in 0..50 {
        let mut entry = entry(&canary("text").repeat(1 + number * 7));
        entry.agent = canary("agent");
        entry.state = Some(canary("state").into_bytes().into());
        store.append(&key, entry).await?;
        store.append_text(&kept, "canary-kept").await?;
    }
    store.store.rename(&key, Some(&canary("title"))).await?;
    for text in ["summary", "summary-2"] {
        let summary = Summary::new(Version::from_number(1), canary(text))?;
        store.store.summarize(&key, summary).await?;
    }
    store
        .store
        .fork(&key, Version::from_number(20), &canary("fork"))
        .await?;
    store.store.lease(&key, Duration::from_secs(60)).await?;
    store.store.prune(&erased, Retention::newest(10)).await?;
    store.store.erase(&erased).await?;
    let bytes = store.raw_bytes().await?;
    for subject in [
        "owner",
        "id",
        "text",
        "agent",
        "state",
        "title",
        "summary",
        "summary-2",
        "fork",
    ] {
        let canary = canary(subject);
        let found = bytes
            .windows(canary.len())
            .any(|window| window == canary.as_bytes());
        ensure(
            !found,
            format_args!("the files must not contain the erased {subject}"),
        )?;
    }
    ensure_eq(
        store.texts(&kept).await?.len(),
        50,
        "the number of entries of another owner",
    )
}
