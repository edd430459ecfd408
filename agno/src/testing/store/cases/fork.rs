//! Forks of sessions.

use std::sync::Arc;

use super::super::fixture::{
    CaseResult, Fixture, Suite, ada, cases, ensure, ensure_eq, ensure_error, entry, key, versions,
};
use crate::store::{Append, Need, Retention, SessionKey, SessionStore, StoreErrorKind, Summary, Version};

cases! {
    "fork":
    a_fork_has_the_entries_up_to_its_version,
    a_fork_leaves_the_source_unchanged,
    later_entries_of_a_fork_and_its_source_are_separate,
    a_fork_is_listed_as_the_newest_session,
    a_fork_has_the_title_and_the_state_at_its_version,
    a_fork_has_the_summary_only_if_it_covers_no_later_entry,
    a_fork_does_not_replace_an_existing_session,
    a_version_or_a_session_that_does_not_exist_cannot_be_forked,
    the_id_of_a_fork_is_checked,
    a_fork_can_be_forked,
    a_fork_does_not_have_the_lease_of_its_source,
    a_fork_of_a_pruned_session_has_the_entries_that_are_left_and_the_state,
}

async fn four(store: &Fixture<'_>) -> CaseResult<SessionKey> {
    let key = key("source")?;
    for text in ["one", "two", "three", "four"] {
        store.append_text(&key, text).await?;
    }
    Ok(key)
}

const SECOND: Version = Version::from_number(2);

async fn a_fork_has_the_entries_up_to_its_version(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = four(&store).await?;
    for through in 1..=4 {
        let id = format!("fork-{through}");
        store
            .store
            .fork(&source, Version::from_number(through), &id)
            .await?;
        let fork = store.open(&key(&id)?).await?;
        ensure_eq(fork.version.number(), through, "the version of the fork")?;
        let expected: Vec<_> = store
            .open(&source)
            .await?
            .entries
            .into_iter()
            .take(fork.entries.len())
            .collect();
        ensure_eq(
            fork.entries.len() as u64,
            through,
            "the number of entries of the fork",
        )?;
        ensure_eq(fork.entries, expected, "the entries of the fork")?;
    }
    Ok(())
}

async fn a_fork_leaves_the_source_unchanged(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = four(&store).await?;
    let before = store.open(&source).await?;
    store.clock.advance(std::time::Duration::from_secs(1));
    store.store.fork(&source, SECOND, "fork").await?;
    store.store.rename(&key("fork")?, Some("Fork")).await?;
    store.append_text(&key("fork")?, "other").await?;
    ensure_eq(&store.open(&source).await?, &before, "the source")?;
    store.store.delete(&key("fork")?).await?;
    ensure_eq(
        store.open(&source).await?,
        before,
        "the source after the fork was deleted",
    )
}

async fn later_entries_of_a_fork_and_its_source_are_separate(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = four(&store).await?;
    let fork = key("fork")?;
    store.store.fork(&source, SECOND, "fork").await?;
    let version = store
        .store
        .append(&fork, Append::at(SECOND), entry("three of the fork"))
        .await?;
    ensure_eq(version, SECOND.next(), "the version of the fork")?;
    store.append_text(&source, "five").await?;
    ensure_eq(
        store.texts(&fork).await?,
        ["one", "two", "three of the fork"],
        "the texts of the fork",
    )?;
    let expected = ["one", "two", "three", "four", "five"];
    ensure_eq(store.texts(&source).await?, expected, "the texts of the source")?;
    store.store.delete(&source).await?;
    ensure_eq(
        store.texts(&fork).await?.len(),
        3,
        "the number of entries after the source was deleted",
    )
}

async fn a_fork_is_listed_as_the_newest_session(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = four(&store).await?;
    store.append_text(&key("other")?, "text").await?;
    store.store.fork(&source, SECOND, "fork").await?;
    ensure_eq(
        store.ids(&ada()?).await?,
        ["fork", "other", "source"],
        "the sessions",
    )
}

async fn a_fork_has_the_title_and_the_state_at_its_version(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = key("source")?;
    for number in 1..=4_u8 {
        let mut entry = entry("text");
        entry.state = (number % 2 == 0).then(|| Arc::from([number]));
        store.append(&source, entry).await?;
    }
    store.store.rename(&source, Some("Title")).await?;
    for (through, state) in [(1, None), (2, Some(2)), (3, Some(2)), (4, Some(4))] {
        let id = format!("fork-{through}");
        store
            .store
            .fork(&source, Version::from_number(through), &id)
            .await?;
        let fork = store.open(&key(&id)?).await?;
        let expected: Option<Arc<[u8]>> = state.map(|number| Arc::from([number]));
        ensure_eq(
            fork.state,
            expected,
            format_args!("the state at version {through}"),
        )?;
        ensure_eq(fork.title.as_deref(), Some("Title"), "the title of the fork")?;
    }
    Ok(())
}

async fn a_fork_has_the_summary_only_if_it_covers_no_later_entry(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = four(&store).await?;
    let summary = Summary::new(SECOND, "One and two.")?;
    store.store.summarize(&source, summary.clone()).await?;
    store
        .store
        .fork(&source, Version::from_number(1), "before")
        .await?;
    let before = store.open(&key("before")?).await?;
    ensure_eq(
        before.summary,
        None,
        "the summary of a fork before its last entry",
    )?;
    ensure_eq(versions(&before.entries), [1], "the entries of a fork before it")?;
    for through in [2, 4] {
        let id = format!("fork-{through}");
        store
            .store
            .fork(&source, Version::from_number(through), &id)
            .await?;
        let fork = store.open(&key(&id)?).await?;
        ensure_eq(
            fork.summary.as_ref(),
            Some(&summary),
            "the summary of a fork after its last entry",
        )?;
        let later: Vec<u64> = (3..=through).collect();
        ensure_eq(versions(&fork.entries), later, "the entries of a fork after it")?;
    }
    Ok(())
}

async fn a_fork_does_not_replace_an_existing_session(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = four(&store).await?;
    let other = key("other")?;
    store.append_text(&other, "text").await?;
    for id in ["other", "source"] {
        let result = store.store.fork(&source, SECOND, id).await;
        ensure_error(
            result,
            StoreErrorKind::Exists,
            format_args!("a fork with the ID {id}"),
        )?;
    }
    ensure_eq(
        store.texts(&other).await?,
        ["text"],
        "the texts of the other session",
    )?;
    ensure_eq(
        store.texts(&source).await?.len(),
        4,
        "the number of entries of the source",
    )
}

async fn a_version_or_a_session_that_does_not_exist_cannot_be_forked(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let missing = key("missing")?;
    let result = store.store.fork(&missing, Version::from_number(1), "fork").await;
    ensure_error(
        result,
        StoreErrorKind::NotFound,
        "a fork of a session that does not exist",
    )?;
    let source = four(&store).await?;
    for through in [0, 5, 1 << 40] {
        let result = store
            .store
            .fork(&source, Version::from_number(through), "fork")
            .await;
        ensure_error(
            result,
            StoreErrorKind::NotFound,
            format_args!("a fork of version {through}"),
        )?;
    }
    ensure_eq(store.ids(&ada()?).await?, ["source"], "the sessions")
}

async fn the_id_of_a_fork_is_checked(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = four(&store).await?;
    for id in ["", &"x".repeat(SessionKey::MAX_BYTES + 1)] {
        let result = store.store.fork(&source, SECOND, id).await;
        ensure_error(
            result,
            StoreErrorKind::InvalidId,
            format_args!("an ID of {} bytes", id.len()),
        )?;
    }
    let longest = "x".repeat(SessionKey::MAX_BYTES);
    store.store.fork(&source, SECOND, &longest).await?;
    ensure_eq(store.ids(&ada()?).await?, [&longest, "source"], "the sessions")
}

async fn a_fork_can_be_forked(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = four(&store).await?;
    store.store.fork(&source, Version::from_number(3), "fork").await?;
    store.append_text(&key("fork")?, "four of the fork").await?;
    store
        .store
        .fork(&key("fork")?, Version::from_number(4), "fork of the fork")
        .await?;
    let expected = ["one", "two", "three", "four of the fork"];
    ensure_eq(
        store.texts(&key("fork of the fork")?).await?,
        expected,
        "the texts of the second fork",
    )
}

async fn a_fork_does_not_have_the_lease_of_its_source(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let source = four(&store).await?;
    let minute = std::time::Duration::from_secs(60);
    let lease = store.store.lease(&source, minute).await?;
    store.store.fork(&source, SECOND, "fork").await?;
    store.append_text(&key("fork")?, "three").await?;
    let append = Append::at(SECOND.next()).with_lease(lease.token);
    let result = store.store.append(&key("fork")?, append, entry("four")).await;
    ensure_error(
        result,
        StoreErrorKind::Leased,
        "an append with the lease of the source",
    )
    .map(drop)
}

async fn a_fork_of_a_pruned_session_has_the_entries_that_are_left_and_the_state(
    suite: &Suite<'_>,
) -> CaseResult {
    let store = suite.fresh().await?;
    let source = key("source")?;
    let mut first = entry("one");
    first.state = Some(Arc::from(*b"state"));
    store.append(&source, first).await?;
    for text in ["two", "three", "four"] {
        store.append_text(&source, text).await?;
    }
    store.store.prune(&ada()?, Retention::newest(2)).await?;
    store.store.fork(&source, Version::from_number(3), "fork").await?;
    let fork = store.store.open(&key("fork")?, Need::ALL).await?;
    ensure_eq(fork.version.number(), 3, "the version of the fork")?;
    ensure_eq(versions(&fork.entries), [3], "the entries of the fork")?;
    ensure(
        fork.state.as_deref() == Some(b"state"),
        "a fork must keep the state whose entry was pruned",
    )
}
