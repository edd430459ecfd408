//! The writes of a store, except for leases. Each runs within a transaction of the thread that writes.

use agno::model::Usage;
use agno::session::Owner;
use agno::store::{
    Append, Entry, EntryId, Pruned, Removed, Retention, SessionInfo, SessionKey, StoreError, StoreErrorKind,
    StoreLimits, Summary, Version,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::encode::{self, signed, sum, unsigned};
use crate::failure::Outcome;
use crate::head::{Head, Owned};
use crate::lease;

/// Appends an entry.
pub(crate) fn append(
    connection: &Connection,
    key: &SessionKey,
    append: Append,
    entry: &Entry,
    limits: StoreLimits,
    now: u64,
) -> Outcome<Version> {
    let head = Head::find(connection, key)?;
    if let Some(head) = &head
        && let Some(version) = appended(connection, head.session, entry.id)?
    {
        return Ok(version);
    }
    lease::check(connection, key, append.lease(), now)?;
    let current = head.as_ref().map_or(Version::NEW, |head| head.info.version);
    if append.version() != current {
        return Err(StoreError::conflict(append.version(), current).into());
    }
    limits.check_entry(entry)?;
    let mut owned = Owned::find(connection, key.owner())?;
    limits.check_bytes(owned.bytes_with(entry.size()))?;
    let version = current.next();
    let (session, updated) = match head {
        // The clock may have gone backward.
        Some(head) => {
            let updated = head.info.updated_millis.max(now);
            let usage = encode::usage(&(head.usage()? + entry.usage));
            connection
                .prepare_cached(
                    "UPDATE sessions SET version = ?2, updated = ?3, bytes = bytes + ?4, usage = ?5
                     WHERE session = ?1",
                )?
                .execute(params![
                    head.session,
                    signed(version.number()),
                    signed(updated),
                    signed(entry.size()),
                    usage
                ])?;
            (head.session, updated)
        }
        None => {
            limits.check_sessions(owned.sessions_with_one())?;
            let mut info = SessionInfo::new(key.id(), version);
            (info.created_millis, info.updated_millis) = (now, now);
            (info.bytes, info.usage) = (entry.size(), entry.usage);
            (Head::insert(connection, key.owner(), &info, &mut owned)?, now)
        }
    };
    owned.add_bytes(entry.size());
    owned.save(connection, key.owner())?;
    insert_entry(connection, session, version, updated, entry)?;
    if let Some(state) = &entry.state {
        save_state(connection, session, version, state)?;
    }
    Ok(version)
}

/// Returns the version of an entry that was appended already.
fn appended(connection: &Connection, session: i64, id: EntryId) -> Outcome<Option<Version>> {
    let version = connection
        .prepare_cached("SELECT version FROM entries WHERE session = ?1 AND entry = ?2")?
        .query_row(params![session, encode::id(&id)], |row| row.get(0));
    Ok(version.optional()?.map(unsigned).map(Version::from_number))
}

fn insert_entry(
    connection: &Connection,
    session: i64,
    version: Version,
    created: u64,
    entry: &Entry,
) -> Outcome<()> {
    let (version, created) = (signed(version.number()), signed(created));
    let usage = encode::usage(&entry.usage);
    connection
        .prepare_cached(
            "INSERT INTO entries (session, version, created, entry, run, status, messages, tokens, bytes,
                 checksum, usage, agent, state, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            session,
            version,
            created,
            encode::id(&entry.id),
            entry.run.as_ref().map(encode::id),
            entry.status.as_str(),
            entry.messages,
            entry.tokens,
            signed(entry.size()),
            encode::entry_sum(version, created, entry, entry.status.as_str(), usage.as_deref()),
            usage,
            entry.agent,
            entry.state.as_deref(),
            &*entry.body,
        ])?;
    Ok(())
}

/// Stores the state of a session after the entry with this version.
fn save_state(connection: &Connection, session: i64, version: Version, state: &[u8]) -> Outcome<()> {
    connection
        .prepare_cached("REPLACE INTO states (session, version, checksum, state) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![session, signed(version.number()), sum(&[state]), state])?;
    Ok(())
}

/// Stores a summary, and replaces the previous one.
pub(crate) fn summarize(
    connection: &Connection,
    key: &SessionKey,
    summary: &Summary,
    limits: StoreLimits,
) -> Outcome<()> {
    let head = Head::get(connection, key)?;
    let replaced: Option<(i64, i64)> = connection
        .prepare_cached("SELECT through, octet_length(text) FROM summaries WHERE session = ?1")?
        .query_row([head.session], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (newest, removed) = replaced.map_or((0, 0), |(through, bytes)| (unsigned(through), unsigned(bytes)));
    if summary.through > head.info.version || summary.through.number() < newest {
        return Err(StoreError::conflict(summary.through, head.info.version).into());
    }
    let added = summary.text.len() as u64;
    let mut owned = Owned::find(connection, key.owner())?;
    owned.remove_bytes(removed);
    limits.check_bytes(owned.bytes_with(added))?;
    owned.add_bytes(added);
    owned.save(connection, key.owner())?;
    let bytes = (head.info.bytes + added).saturating_sub(removed);
    connection
        .prepare_cached("UPDATE sessions SET bytes = ?2, usage = ?3 WHERE session = ?1")?
        .execute(params![
            head.session,
            signed(bytes),
            encode::usage(&(head.usage()? + summary.usage))
        ])?;
    connection
        .prepare_cached(
            "REPLACE INTO summaries (session, through, checksum, usage, text) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            head.session,
            signed(summary.through.number()),
            sum(&[summary.text.as_bytes()]),
            encode::usage(&summary.usage),
            summary.text,
        ])?;
    Ok(())
}

/// Copies the entries of a session up to a version into a new session.
pub(crate) fn fork(
    connection: &Connection,
    key: &SessionKey,
    through: Version,
    new: &SessionKey,
    limits: StoreLimits,
    now: u64,
) -> Outcome<()> {
    let head = Head::get(connection, key)?;
    let current = head.info.version;
    if through == Version::NEW || through > current {
        let message = format!("the session has no version {through}; its version is {current}");
        return Err(StoreError::new(StoreErrorKind::NotFound, message).into());
    }
    if Head::find(connection, new)?.is_some() {
        return Err(StoreError::new(
            StoreErrorKind::Exists,
            "the owner already has a session with the new ID; choose another ID, or delete that session",
        )
        .into());
    }
    let mut owned = Owned::find(connection, key.owner())?;
    limits.check_sessions(owned.sessions_with_one())?;
    let range = (head.session, signed(through.number()));
    let totals = Totals::of(connection, &head, range)?;
    limits.check_bytes(owned.bytes_with(totals.bytes))?;

    let mut info = SessionInfo::new(new.id(), through);
    info.title = head.info.title;
    // The clock may have gone backward since the last entry.
    (info.created_millis, info.updated_millis) = (now, now.max(totals.newest_millis));
    (info.bytes, info.usage) = (totals.bytes, totals.usage);
    owned.add_bytes(totals.bytes);
    let copy = Head::insert(connection, key.owner(), &info, &mut owned)?;
    owned.save(connection, key.owner())?;
    let (session, through) = range;
    connection
        .prepare_cached(
            "INSERT INTO entries (session, version, created, entry, run, status, messages, tokens, bytes,
                 checksum, usage, agent, state, body)
             SELECT ?3, version, created, entry, run, status, messages, tokens, bytes,
                 checksum, usage, agent, state, body
             FROM entries WHERE session = ?1 AND version <= ?2 ORDER BY version",
        )?
        .execute(params![session, through, copy])?;
    connection
        .prepare_cached(
            "INSERT INTO summaries (session, through, checksum, usage, text)
             SELECT ?3, through, checksum, usage, text FROM summaries WHERE session = ?1 AND through <= ?2",
        )?
        .execute(params![session, through, copy])?;
    fork_state(connection, range, copy)
}

/// The totals of the entries and the summary of a session up to a version.
#[derive(Default)]
struct Totals {
    bytes: u64,
    usage: Usage,
    /// The time of the newest entry.
    newest_millis: u64,
}

impl Totals {
    fn of(connection: &Connection, head: &Head, range: (i64, i64)) -> Outcome<Self> {
        let mut statement = connection.prepare_cached(
            "SELECT version, bytes, created, usage FROM entries WHERE session = ?1 AND version <= ?2",
        )?;
        let mut rows = statement.query(range)?;
        let mut totals = Self::default();
        while let Some(row) = rows.next()? {
            let json: Option<String> = row.get(3)?;
            let version = Version::from_number(unsigned(row.get(0)?));
            let damaged = || StoreError::damaged(&head.info.id, version);
            totals.usage += encode::parse_usage(json.as_deref()).ok_or_else(damaged)?;
            totals.bytes += unsigned(row.get(1)?);
            totals.newest_millis = totals.newest_millis.max(unsigned(row.get(2)?));
        }
        let summary: Option<i64> = connection
            .prepare_cached("SELECT octet_length(text) FROM summaries WHERE session = ?1 AND through <= ?2")?
            .query_row(range, |row| row.get(0))
            .optional()?;
        totals.bytes += summary.map_or(0, unsigned);
        Ok(totals)
    }
}

/// Stores the state at the version of a fork: the current state if it is not newer, because its entry may have been pruned, or
/// the newest state of the copied entries.
fn fork_state(connection: &Connection, range: (i64, i64), copy: i64) -> Outcome<()> {
    let copied = connection
        .prepare_cached(
            "INSERT INTO states (session, version, checksum, state)
             SELECT ?3, version, checksum, state FROM states WHERE session = ?1 AND version <= ?2",
        )?
        .execute(params![range.0, range.1, copy])?;
    if copied > 0 {
        return Ok(());
    }
    let newest: Option<(i64, Vec<u8>)> = connection
        .prepare_cached(
            "SELECT version, state FROM entries WHERE session = ?1 AND version <= ?2 AND state IS NOT NULL
             ORDER BY version DESC LIMIT 1",
        )?
        .query_row(range, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match newest {
        Some((version, state)) => {
            save_state(connection, copy, Version::from_number(unsigned(version)), &state)
        }
        None => Ok(()),
    }
}

/// Sets the title of a session.
pub(crate) fn rename(connection: &Connection, key: &SessionKey, title: Option<&str>) -> Outcome<()> {
    let head = Head::get(connection, key)?;
    connection
        .prepare_cached("UPDATE sessions SET title = ?2 WHERE session = ?1")?
        .execute(params![head.session, title])?;
    Ok(())
}

/// Deletes a session.
pub(crate) fn delete(connection: &Connection, key: &SessionKey) -> Outcome<bool> {
    let Some(head) = Head::find(connection, key)? else {
        return Ok(false);
    };
    let mut owned = Owned::find(connection, key.owner())?;
    owned.remove_session();
    owned.remove_bytes(head.info.bytes);
    owned.save(connection, key.owner())?;
    connection
        .prepare_cached("DELETE FROM sessions WHERE session = ?1")?
        .execute([head.session])?;
    Ok(true)
}

/// Deletes everything that an owner has.
pub(crate) fn erase(connection: &Connection, owner: &Owner) -> Outcome<Removed> {
    let owner = encode::owner(owner);
    let entries: i64 = connection.query_row(
        "SELECT count(*) FROM entries WHERE session IN (SELECT session FROM sessions WHERE owner = ?1)",
        [owner],
        |row| row.get(0),
    )?;
    let sessions = connection.execute("DELETE FROM sessions WHERE owner = ?1", [owner])?;
    connection.execute("DELETE FROM leases WHERE owner = ?1", [owner])?;
    connection.execute("DELETE FROM owners WHERE owner = ?1", [owner])?;
    Ok(Removed::new(sessions as u64, unsigned(entries)))
}

/// Deletes the oldest entries of an owner's sessions.
pub(crate) fn prune(connection: &Connection, owner: &Owner, retention: Retention) -> Outcome<Pruned> {
    let sessions: Vec<i64> = connection
        .prepare_cached("SELECT session FROM sessions WHERE owner = ?1")?
        .query_map([encode::owner(owner)], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut pruned = Pruned::default();
    for session in sessions {
        prune_session(connection, session, retention, &mut pruned)?;
    }
    let mut owned = Owned::find(connection, owner)?;
    if pruned.entries > 0 {
        owned.remove_bytes(pruned.bytes);
        owned.save(connection, owner)?;
    }
    Ok(pruned)
}

fn prune_session(
    connection: &Connection,
    session: i64,
    retention: Retention,
    pruned: &mut Pruned,
) -> Outcome<()> {
    // The newest entry that no number keeps.
    let newest: Option<i64> = connection
        .prepare_cached(
            "SELECT version FROM entries WHERE session = ?1 ORDER BY version DESC LIMIT 1 OFFSET ?2",
        )?
        .query_row(params![session, signed(retention.newest_count())], |row| {
            row.get(0)
        })
        .optional()?;
    let Some(newest) = newest else {
        return Ok(());
    };
    let since = retention.since_millis().map_or(i64::MAX, signed);
    let is_pruned = "session = ?1 AND version <= ?2 AND (?3 = 9223372036854775807 OR created < ?3)";
    let range = params![session, newest, since];
    let (entries, bytes): (i64, i64) = connection
        .prepare_cached(&format!(
            "SELECT count(*), ifnull(sum(bytes), 0) FROM entries WHERE {is_pruned}"
        ))?
        .query_row(range, |row| Ok((row.get(0)?, row.get(1)?)))?;
    connection
        .prepare_cached(&format!("DELETE FROM entries WHERE {is_pruned}"))?
        .execute(range)?;
    connection
        .prepare_cached("UPDATE sessions SET bytes = max(0, bytes - ?2) WHERE session = ?1")?
        .execute(params![session, bytes])?;
    pruned.entries += unsigned(entries);
    pruned.bytes += unsigned(bytes);
    Ok(())
}
