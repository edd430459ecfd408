//! A clock that goes backward.

use std::time::{Duration, UNIX_EPOCH};

use super::super::fixture::{
    CaseResult, Suite, ada, cases, ensure, ensure_eq, ensure_error, key, texts, versions,
};
use crate::store::{Clock, Retention, SessionStore, StoreErrorKind, Version};

cases! {
    "time":
    entries_keep_their_order_and_their_times_never_decrease,
    sessions_keep_their_order,
    a_lease_does_not_expire_early,
    entries_that_were_appended_after_the_clock_went_backward_are_pruned_in_order,
    the_times_of_a_fork_never_decrease,
}

const HOUR: Duration = Duration::from_secs(3600);

async fn entries_keep_their_order_and_their_times_never_decrease(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    for number in 1..=6 {
        store.append_text(&key, &number.to_string()).await?;
        if number == 4 {
            store.clock.advance(3 * HOUR);
        } else {
            store.clock.rewind(HOUR);
        }
    }
    let opened = store.open(&key).await?;
    ensure_eq(
        texts(&opened.entries)?,
        ["1", "2", "3", "4", "5", "6"],
        "the texts of the entries",
    )?;
    let times: Vec<u64> = opened
        .entries
        .iter()
        .map(|stored| stored.created_millis)
        .collect();
    ensure(
        times.is_sorted(),
        format_args!("the times of the entries must not decrease: {times:?}"),
    )?;
    ensure_eq(
        Some(&opened.created_millis),
        times.first(),
        "the time when the session was created",
    )?;
    ensure_eq(
        Some(&opened.updated_millis),
        times.last(),
        "the time of the last entry",
    )
}

async fn sessions_keep_their_order(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    for id in ["first", "second", "third"] {
        store.append_text(&key(id)?, "text").await?;
        store.clock.rewind(HOUR);
    }
    ensure_eq(
        store.ids(&ada()?).await?,
        ["third", "second", "first"],
        "the sessions",
    )
}

async fn a_lease_does_not_expire_early(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, HOUR).await?;
    store.clock.rewind(2 * HOUR);
    let second = store.store.lease(&key, HOUR).await;
    ensure_error(second, StoreErrorKind::Leased, "a second lease")?;
    store.store.renew(&key, lease.token, HOUR).await?;
    store.store.release(&key, lease.token).await?;
    store.store.lease(&key, HOUR).await?;
    Ok(())
}

async fn entries_that_were_appended_after_the_clock_went_backward_are_pruned_in_order(
    suite: &Suite<'_>,
) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let start = UNIX_EPOCH + Duration::from_millis(store.clock.unix_millis());
    store.append_text(&key, "one").await?;
    store.clock.advance(HOUR);
    store.append_text(&key, "two").await?;
    store.clock.rewind(HOUR);
    store.append_text(&key, "three").await?;
    let since = Retention::newest(0).or_since(start + HOUR);
    store.store.prune(&ada()?, since).await?;
    ensure_eq(versions(&store.open(&key).await?.entries), [2, 3], "the entries")
}

async fn the_times_of_a_fork_never_decrease(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let (source, fork) = (key("source")?, key("fork")?);
    store.append_text(&source, "one").await?;
    store.clock.advance(HOUR);
    store.append_text(&source, "two").await?;
    store.clock.rewind(HOUR);
    store.store.fork(&source, Version::from_number(2), "fork").await?;
    store.append_text(&fork, "three").await?;
    let opened = store.open(&fork).await?;
    let times: Vec<u64> = opened
        .entries
        .iter()
        .map(|stored| stored.created_millis)
        .collect();
    ensure(
        times.is_sorted(),
        format_args!("the times of the entries must not decrease: {times:?}"),
    )?;
    ensure_eq(
        Some(&opened.updated_millis),
        times.last(),
        "the time of the last entry",
    )?;
    ensure(
        opened.created_millis <= opened.updated_millis,
        "a session must not be older than its last entry",
    )
}
