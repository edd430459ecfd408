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

/// Checks that a program can use a session: it holds the lease, or there is no lease that is still valid. The holder of an
/// expired lease still holds it if no other program took it since.
pub(crate) fn check(
    connection: &Connection,
    key: &SessionKey,
    token: Option<LeaseToken>,
    now: u64,
) -> Outcome<()> {
    let token = token.map(|token| encode::id(&token));
    match (find(connection, key)?, token) {
        (Some(lease), Some(token)) if lease.token == token => Ok(()),
        (Some(lease), None) if lease.expires_millis <= signed(now) => Ok(()),
        (None, None) => Ok(()),
        (_, Some(_)) => Err(lost().into()),
        (Some(_), None) => Err(leased().into()),
    }
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
        Some(_) => Err(lost().into()),
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

fn lost() -> StoreError {
    StoreError::new(
        StoreErrorKind::Leased,
        "the program does not hold the lease of the session any more; take the lease again, and open the session again",
    )
}
