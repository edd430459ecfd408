//! Leases of sessions.

use std::time::{Duration, UNIX_EPOCH};

use agno::store::{Lease, LeaseToken, SessionKey, StoreError, StoreErrorKind};
use rusqlite::{Connection, OptionalExtension, params};

use crate::encode::{self, millis, signed, unsigned};
use crate::failure::Outcome;

/// The row of a lease, which may have expired.
#[derive(Clone, Copy)]
struct Record {
    token: [u8; 16],
    expires_millis: i64,
}

/// Checks that no other program holds the lease. An expired lease counts as free, unless another program took it since.
pub(crate) fn check(
    connection: &Connection,
    key: &SessionKey,
    token: Option<LeaseToken>,
    now: u64,
) -> Outcome<()> {
    let token = token.map(|token| encode::id(&token));
    let is_free = match find(connection, key)? {
        Some(lease) if Some(lease.token) == token => true,
        // The holder of an expired lease may continue only if no other program took the lease after it.
        Some(lease) => token.is_none() && lease.expires_millis <= signed(now),
        None => token.is_none(),
    };
    if is_free { Ok(()) } else { Err(leased().into()) }
}

/// Takes a lease.
pub(crate) fn take(
    connection: &Connection,
    key: &SessionKey,
    duration: Duration,
    now: u64,
) -> Outcome<Lease> {
    check(connection, key, None, now)?;
    save(connection, key, LeaseToken::new(), duration, now)
}

/// Extends a lease.
pub(crate) fn renew(
    connection: &Connection,
    key: &SessionKey,
    token: LeaseToken,
    duration: Duration,
    now: u64,
) -> Outcome<Lease> {
    match find(connection, key)? {
        Some(lease) if lease.token == encode::id(&token) => save(connection, key, token, duration, now),
        Some(_) => Err(leased().into()),
        None => Err(StoreError::new(
            StoreErrorKind::NotFound,
            "the lease of the session was released; take it again",
        )
        .into()),
    }
}

/// Releases a lease if the token is the holder's.
pub(crate) fn release(connection: &Connection, key: &SessionKey, token: LeaseToken) -> Outcome<()> {
    connection
        .prepare_cached("DELETE FROM leases WHERE owner = ?1 AND id = ?2 AND token = ?3")?
        .execute(params![encode::owner(key.owner()), key.id(), encode::id(&token)])?;
    Ok(())
}

fn find(connection: &Connection, key: &SessionKey) -> Outcome<Option<Record>> {
    let lease = connection
        .prepare_cached("SELECT token, expires FROM leases WHERE owner = ?1 AND id = ?2")?
        .query_row(params![encode::owner(key.owner()), key.id()], |row| {
            Ok(Record {
                token: row.get(0)?,
                expires_millis: row.get(1)?,
            })
        });
    Ok(lease.optional()?)
}

fn save(
    connection: &Connection,
    key: &SessionKey,
    token: LeaseToken,
    duration: Duration,
    now: u64,
) -> Outcome<Lease> {
    let expires = signed(now.saturating_add(millis(duration)));
    connection
        .prepare_cached(
            "INSERT INTO leases (owner, id, token, expires) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (owner, id) DO UPDATE SET token = ?3, expires = ?4",
        )?
        .execute(params![
            encode::owner(key.owner()),
            key.id(),
            encode::id(&token),
            expires
        ])?;
    let expires = UNIX_EPOCH + Duration::from_millis(unsigned(expires));
    Ok(Lease::new(token, expires))
}

fn leased() -> StoreError {
    StoreError::new(
        StoreErrorKind::Leased,
        "another program holds the lease of the session; wait until the lease expires or is released",
    )
}
