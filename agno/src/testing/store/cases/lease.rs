//! Leases.

use std::time::{Duration, UNIX_EPOCH};

use super::super::fixture::{
    CaseResult, Fixture, Suite, cases, concurrently, ensure, ensure_eq, ensure_error, entry, key,
};
use crate::store::{
    Append, Clock, Entry, LeaseToken, Need, Page, SessionKey, SessionStore, StoreErrorKind, Version,
};

cases! {
    "leases":
    a_lease_is_exclusive,
    a_lease_is_exclusive_across_handles,
    of_32_concurrent_programs_one_gets_the_lease,
    the_holder_of_a_lease_can_append_and_others_cannot,
    a_lease_expires_at_its_time_and_another_program_can_take_it,
    a_renewed_lease_expires_later,
    a_lease_cannot_be_renewed_with_another_token,
    an_expired_lease_that_nobody_took_can_be_used_and_renewed,
    an_expired_lease_that_another_program_took_cannot_be_used_or_renewed,
    programs_without_a_lease_can_append_after_it_expired,
    a_released_lease_is_free_at_once,
    a_released_lease_cannot_be_renewed_or_used,
    a_lease_is_not_released_with_another_token,
    an_append_with_a_token_that_was_never_issued_fails,
    a_lease_does_not_create_the_session_and_does_not_hide_it,
    the_leases_of_two_sessions_are_independent,
    an_entry_that_was_appended_is_found_again_without_the_lease,
    the_longest_lease_does_not_overflow,
}

const MINUTE: Duration = Duration::from_secs(60);

async fn appended(
    store: &Fixture<'_>,
    key: &SessionKey,
    token: impl Into<Option<LeaseToken>>,
) -> CaseResult<Result<Version, crate::store::StoreError>> {
    let append = Append::at(store.version(key).await?);
    let append = match token.into() {
        Some(token) => append.with_lease(token),
        None => append,
    };
    Ok(store.store.append(key, append, entry("text")).await)
}

async fn a_lease_is_exclusive(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, MINUTE).await?;
    let expires = UNIX_EPOCH + Duration::from_millis(store.clock.unix_millis()) + MINUTE;
    ensure_eq(lease.expires, expires, "the time at which the lease expires")?;
    let second = store.store.lease(&key, MINUTE).await;
    ensure_error(second, StoreErrorKind::Leased, "the second lease").map(drop)
}

async fn a_lease_is_exclusive_across_handles(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let other = store.open_again().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, MINUTE).await?;
    ensure_error(
        other.lease(&key, MINUTE).await,
        StoreErrorKind::Leased,
        "the second lease",
    )?;
    let append = Append::at(Version::NEW);
    ensure_error(
        other.append(&key, append, entry("text")).await,
        StoreErrorKind::Leased,
        "the append of another process",
    )?;
    store.store.release(&key, lease.token).await?;
    other.lease(&key, MINUTE).await?;
    ensure_error(
        store.store.lease(&key, MINUTE).await,
        StoreErrorKind::Leased,
        "the lease after another process took it",
    )
    .map(drop)
}

async fn of_32_concurrent_programs_one_gets_the_lease(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let results = concurrently((0..32).map(|_| {
        let (store, key) = (store.store.clone(), key("s"));
        async move {
            match key {
                Ok(key) => Some(store.lease(&key, MINUTE).await),
                Err(_) => None,
            }
        }
    }))
    .await?;
    let mut leases = 0;
    for result in results.into_iter().flatten() {
        if result.is_ok() {
            leases += 1;
        } else {
            ensure_error(result, StoreErrorKind::Leased, "a lease")?;
        }
    }
    ensure_eq(leases, 1, "the number of leases")
}

async fn the_holder_of_a_lease_can_append_and_others_cannot(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, MINUTE).await?;
    appended(&store, &key, lease.token).await??;
    appended(&store, &key, lease.token).await??;
    let refused: Entry = entry("refused");
    let append = Append::at(store.version(&key).await?);
    let result = store.store.append(&key, append, refused.clone()).await;
    let error = ensure_error(result, StoreErrorKind::Leased, "the append without a token")?;
    ensure_eq(error.entry(), Some(&refused), "the entry in the error")?;
    let other = appended(&store, &key, LeaseToken::new()).await?;
    ensure_error(other, StoreErrorKind::Leased, "the append with another token")?;
    ensure_eq(
        store.version(&key).await?.number(),
        2,
        "the version of the session",
    )
}

async fn a_lease_expires_at_its_time_and_another_program_can_take_it(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let first = store.store.lease(&key, MINUTE).await?;
    store.clock.advance(MINUTE - Duration::from_millis(1));
    ensure_error(
        store.store.lease(&key, MINUTE).await,
        StoreErrorKind::Leased,
        "a lease one millisecond before the first expires",
    )?;
    store.clock.advance(Duration::from_millis(1));
    let second = store.store.lease(&key, MINUTE).await?;
    ensure(
        first.token != second.token,
        "the tokens of two leases must differ",
    )?;
    appended(&store, &key, second.token).await??;
    Ok(())
}

async fn a_renewed_lease_expires_later(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, MINUTE).await?;
    store.clock.advance(MINUTE / 2);
    let renewed = store.store.renew(&key, lease.token, MINUTE).await?;
    ensure_eq(renewed.token, lease.token, "the token of the renewed lease")?;
    ensure_eq(
        renewed.expires,
        lease.expires + MINUTE / 2,
        "the time at which it expires",
    )?;
    store.clock.advance(MINUTE - Duration::from_millis(1));
    ensure_error(
        store.store.lease(&key, MINUTE).await,
        StoreErrorKind::Leased,
        "a lease before the renewed one expires",
    )?;
    store.clock.advance(Duration::from_millis(1));
    store.store.lease(&key, MINUTE).await?;
    Ok(())
}

async fn a_lease_cannot_be_renewed_with_another_token(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.store.lease(&key, MINUTE).await?;
    let renewed = store.store.renew(&key, LeaseToken::new(), 10 * MINUTE).await;
    ensure_error(renewed, StoreErrorKind::Leased, "the renewal")?;
    store.clock.advance(MINUTE);
    store.store.lease(&key, MINUTE).await?;
    Ok(())
}

async fn an_expired_lease_that_nobody_took_can_be_used_and_renewed(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, MINUTE).await?;
    store.clock.advance(2 * MINUTE);
    appended(&store, &key, lease.token).await??;
    store.store.renew(&key, lease.token, MINUTE).await?;
    let other = store.store.lease(&key, MINUTE).await;
    ensure_error(other, StoreErrorKind::Leased, "a lease after the renewal").map(drop)
}

async fn an_expired_lease_that_another_program_took_cannot_be_used_or_renewed(
    suite: &Suite<'_>,
) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let first = store.store.lease(&key, MINUTE).await?;
    store.clock.advance(MINUTE);
    store.store.lease(&key, MINUTE).await?;
    // Even after the second lease has expired, the first holder must not act as if it had never lost its own.
    for _ in 0..2 {
        let append = appended(&store, &key, first.token).await?;
        ensure_error(
            append,
            StoreErrorKind::Leased,
            "the append with the outdated token",
        )?;
        let renewed = store.store.renew(&key, first.token, MINUTE).await;
        ensure_error(
            renewed,
            StoreErrorKind::Leased,
            "the renewal with the outdated token",
        )?;
        store.clock.advance(2 * MINUTE);
    }
    ensure_eq(
        store.version(&key).await?,
        Version::NEW,
        "the version of the session",
    )
}

async fn programs_without_a_lease_can_append_after_it_expired(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    store.store.lease(&key, MINUTE).await?;
    ensure_error(
        appended(&store, &key, None).await?,
        StoreErrorKind::Leased,
        "the append before the lease expired",
    )?;
    store.clock.advance(MINUTE);
    appended(&store, &key, None).await??;
    Ok(())
}

async fn a_released_lease_is_free_at_once(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, MINUTE).await?;
    store.store.release(&key, lease.token).await?;
    appended(&store, &key, None).await??;
    store.store.lease(&key, MINUTE).await?;
    // Releasing it again must not release the lease of the other program.
    store.store.release(&key, lease.token).await?;
    let third = store.store.lease(&key, MINUTE).await;
    ensure_error(third, StoreErrorKind::Leased, "a lease while another is held").map(drop)
}

async fn a_released_lease_cannot_be_renewed_or_used(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, MINUTE).await?;
    store.store.release(&key, lease.token).await?;
    ensure_error(
        store.store.renew(&key, lease.token, MINUTE).await,
        StoreErrorKind::NotFound,
        "the renewal",
    )?;
    let append = appended(&store, &key, lease.token).await?;
    ensure_error(
        append,
        StoreErrorKind::Leased,
        "the append with the released token",
    )
    .map(drop)
}

async fn a_lease_is_not_released_with_another_token(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    // Without a lease, a release has no effect either.
    store.store.release(&key, LeaseToken::new()).await?;
    let lease = store.store.lease(&key, MINUTE).await?;
    store.store.release(&key, LeaseToken::new()).await?;
    let other = appended(&store, &key, None).await?;
    ensure_error(other, StoreErrorKind::Leased, "the append without a token")?;
    appended(&store, &key, lease.token).await??;
    Ok(())
}

async fn an_append_with_a_token_that_was_never_issued_fails(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let append = appended(&store, &key, LeaseToken::new()).await?;
    ensure_error(append, StoreErrorKind::Leased, "the append")?;
    ensure_eq(store.ids(key.owner()).await?, [""; 0], "the list of sessions")
}

async fn a_lease_does_not_create_the_session_and_does_not_hide_it(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, MINUTE).await?;
    ensure(
        !store.open(&key).await?.exists(),
        "a lease must not create a session",
    )?;
    ensure_eq(store.ids(key.owner()).await?, [""; 0], "the list of sessions")?;
    appended(&store, &key, lease.token).await??;
    let opened = store.store.open(&key, Need::ALL).await?;
    ensure_eq(opened.entries.len(), 1, "the number of entries that others read")?;
    let page = store.store.search(key.owner(), "text", Page::first(1)).await?;
    ensure_eq(page.sessions.len(), 1, "the number of sessions that others find")
}

async fn the_leases_of_two_sessions_are_independent(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let (one, two) = (key("one")?, key("two")?);
    let lease = store.store.lease(&one, MINUTE).await?;
    appended(&store, &two, None).await??;
    let second = store.store.lease(&two, MINUTE).await?;
    store.store.release(&two, lease.token).await?;
    let foreign = appended(&store, &two, lease.token).await?;
    ensure_error(
        foreign,
        StoreErrorKind::Leased,
        "the append with the token of the other session",
    )?;
    appended(&store, &one, lease.token).await??;
    appended(&store, &two, second.token).await??;
    Ok(())
}

async fn an_entry_that_was_appended_is_found_again_without_the_lease(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, MINUTE).await?;
    let entry = entry("text");
    let append = Append::at(Version::NEW).with_lease(lease.token);
    let version = store.store.append(&key, append, entry.clone()).await?;
    store.clock.advance(MINUTE);
    store.store.lease(&key, MINUTE).await?;
    // The first attempt succeeded, but its result was lost.
    let repeated = store.store.append(&key, append, entry).await?;
    ensure_eq(repeated, version, "the version that the second append returns")
}

async fn the_longest_lease_does_not_overflow(suite: &Suite<'_>) -> CaseResult {
    let store = suite.fresh().await?;
    let key = key("s")?;
    let lease = store.store.lease(&key, Duration::MAX).await?;
    store.clock.advance(1000 * 365 * 24 * 60 * MINUTE);
    let second = store.store.lease(&key, MINUTE).await;
    ensure_error(second, StoreErrorKind::Leased, "a lease after 1,000 years")?;
    store.store.renew(&key, lease.token, Duration::MAX).await?;
    store.store.renew(&key, lease.token, Duration::ZERO).await?;
    store.store.lease(&key, MINUTE).await?;
    Ok(())
}
