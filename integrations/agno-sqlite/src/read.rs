//! The reads of a store.

use std::collections::HashSet;
use std::sync::Arc;

use agno::session::Owner;
use agno::store::{
    Cursor, Entry, EntryId, Need, OpenedSession, Page, SessionInfo, SessionKey, SessionPage, StoreError,
    StoredEntry, Summary, Version, contains_text,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::connection::snapshot;
use crate::encode::{self, signed, sum, unsigned};
use crate::failure::Outcome;
use crate::head::{Head, select_heads};

/// Opens a session. All of it is read from one snapshot.
pub(crate) fn open(connection: &Connection, key: &SessionKey, need: Need) -> Outcome<OpenedSession> {
    snapshot(connection, || open_snapshot(connection, key, need))
}

fn open_snapshot(connection: &Connection, key: &SessionKey, need: Need) -> Outcome<OpenedSession> {
    let mut opened = OpenedSession::NEW;
    let Some(head) = Head::find(connection, key)? else {
        return Ok(opened);
    };
    opened.version = head.info.version;
    opened.created_millis = head.info.created_millis;
    opened.updated_millis = head.info.updated_millis;
    opened.title.clone_from(&head.info.title);
    let mut damage = Damage {
        id: &head.info.id,
        skips: need.skips_damaged(),
        versions: Vec::new(),
    };
    opened.state = read_state(connection, &head, &mut damage)?;
    opened.summary = read_summary(connection, &head, &mut damage)?;
    opened.entries = read_entries(connection, &head, need, opened.summary.as_ref(), &mut damage)?;
    opened.damaged = damage.versions;
    opened.damaged.sort_unstable();
    opened.damaged.dedup();
    Ok(opened)
}

/// The damaged parts of a session, which are either errors or skipped.
struct Damage<'a> {
    id: &'a str,
    skips: bool,
    versions: Vec<Version>,
}

impl Damage<'_> {
    fn report(&mut self, version: Version) -> Outcome<()> {
        if !self.skips {
            return Err(StoreError::damaged(self.id, version).into());
        }
        self.versions.push(version);
        Ok(())
    }
}

fn read_state(connection: &Connection, head: &Head, damage: &mut Damage<'_>) -> Outcome<Option<Arc<[u8]>>> {
    let mut statement =
        connection.prepare_cached("SELECT version, checksum, state FROM states WHERE session = ?1")?;
    let mut rows = statement.query([head.session])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let state = row.get_ref(2)?.as_bytes().map_err(rusqlite::Error::from)?;
    if sum(&[state]) != row.get::<_, i64>(1)? {
        damage.report(Version::from_number(unsigned(row.get(0)?)))?;
        return Ok(None);
    }
    Ok(Some(state.into()))
}

fn read_summary(connection: &Connection, head: &Head, damage: &mut Damage<'_>) -> Outcome<Option<Summary>> {
    let mut statement = connection
        .prepare_cached("SELECT through, checksum, usage, text FROM summaries WHERE session = ?1")?;
    let mut rows = statement.query([head.session])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let through = Version::from_number(unsigned(row.get(0)?));
    let text = row.get_ref(3)?.as_bytes().map_err(rusqlite::Error::from)?;
    let usage = encode::parse_usage(row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)?);
    match (std::str::from_utf8(text), usage) {
        (Ok(text), Some(usage)) if sum(&[text.as_bytes()]) == row.get::<_, i64>(1)? => {
            Ok(Some(Summary::new(through, text)?.with_usage(usage)))
        }
        // Without the summary, the entries that it covers are read instead.
        _ => damage.report(through).map(|()| None),
    }
}

/// Reads the newest entries, until they are enough.
fn read_entries(
    connection: &Connection,
    head: &Head,
    need: Need,
    summary: Option<&Summary>,
    damage: &mut Damage<'_>,
) -> Outcome<Vec<StoredEntry>> {
    let covered = summary.map_or(0, |summary| signed(summary.through.number()));
    let mut statement = connection.prepare_cached(
        "SELECT row, version, run, checksum, created, entry, status, messages, tokens, usage, agent
         FROM entries WHERE session = ?1 AND version > ?2 ORDER BY version DESC",
    )?;
    let mut rows = statement.query(params![head.session, covered])?;
    let (mut messages, mut tokens) = (0, 0);
    let mut runs = HashSet::new();
    let mut newest = Vec::new();
    while !need.is_met(messages, tokens) {
        let Some(row) = rows.next()? else {
            break;
        };
        // A run that was stored again later is in the later entry, even if that one is damaged: the earlier one may wait for
        // a decision that was made since.
        let run: Option<[u8; 16]> = row.get(2).unwrap_or_default();
        if run.is_some_and(|run| !runs.insert(run)) {
            continue;
        }
        match read_entry(connection, row)? {
            Some(stored) => {
                messages += u64::from(stored.entry.messages);
                tokens += u64::from(stored.entry.tokens);
                newest.push(stored);
            }
            None => damage.report(Version::from_number(unsigned(row.get(1)?)))?,
        }
    }
    newest.reverse();
    Ok(newest)
}

/// Reads an entry, or returns `None` if it is damaged.
fn read_entry(connection: &Connection, row: &Row<'_>) -> Outcome<Option<StoredEntry>> {
    let (number, version): (i64, i64) = (row.get(0)?, row.get(1)?);
    let Some((mut entry, created, usage)) = read_fields(row) else {
        return Ok(None);
    };
    match read_body(connection, number, &mut entry) {
        Ok(true) => {}
        Ok(false) => return Ok(None),
        Err(failure) if failure.is_damage() => return Ok(None),
        Err(failure) => return Err(failure),
    }
    let Ok(status) = row.get::<_, String>(6) else {
        return Ok(None);
    };
    let sum = encode::entry_sum(version, created, &entry, &status, usage.as_deref());
    if sum != row.get::<_, i64>(3)? {
        return Ok(None);
    }
    // A status that is unknown here is not damage, but one of a later release.
    entry.status = status.parse()?;
    let version = Version::from_number(unsigned(version));
    Ok(Some(StoredEntry::new(version, unsigned(created), entry)))
}

/// Reads the columns of an entry except for its status and its body.
fn read_fields(row: &Row<'_>) -> Option<(Entry, i64, Option<String>)> {
    let id: EntryId = encode::parse_id(row.get_ref(5).ok()?.as_blob().ok()?)?;
    let mut entry = Entry::new(id, []);
    entry.run = match row.get_ref(2).ok()?.as_blob_or_null().ok()? {
        Some(run) => Some(encode::parse_id(run)?),
        None => None,
    };
    entry.messages = row.get(7).ok()?;
    entry.tokens = row.get(8).ok()?;
    let usage: Option<String> = row.get(9).ok()?;
    entry.usage = encode::parse_usage(usage.as_deref())?;
    entry.agent = row.get(10).ok()?;
    Some((entry, row.get(4).ok()?, usage))
}

/// Reads the state and the body of an entry. They are in a separate statement, so that a damaged page with a body does not
/// end the statement that reads the other entries.
fn read_body(connection: &Connection, row: i64, entry: &mut Entry) -> Outcome<bool> {
    let mut statement = connection.prepare_cached("SELECT state, body FROM entries WHERE row = ?1")?;
    let mut rows = statement.query([row])?;
    let Some(row) = rows.next()? else {
        return Ok(false);
    };
    match (row.get_ref(0)?.as_blob_or_null(), row.get_ref(1)?.as_blob()) {
        (Ok(state), Ok(body)) => {
            entry.state = state.map(Into::into);
            entry.body = body.into();
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Returns a page of an owner's sessions.
pub(crate) fn list(connection: &Connection, owner: &Owner, page: Page) -> Outcome<SessionPage> {
    let sql = select_heads!("WHERE owner = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3");
    let mut statement = connection.prepare_cached(sql)?;
    let before = page.cursor().map_or(i64::MAX, |cursor| signed(cursor.number()));
    let limit = page.limit() as usize;
    let heads = statement.query_map(
        params![encode::owner(owner), before, i64::from(page.limit()) + 1],
        Head::read,
    )?;
    let mut heads: Vec<Head> = heads.collect::<rusqlite::Result<_>>()?;
    let has_more = heads.len() > limit;
    heads.truncate(limit);
    let last = heads
        .last()
        .map(|head| Cursor::from_number(unsigned(head.number)));
    let sessions = heads.into_iter().map(|head| head.info).collect();
    Ok(SessionPage::new(sessions, last.filter(|_| has_more)))
}

/// A part of a search.
pub(crate) struct Searched {
    /// The sessions that contain the text, with their numbers.
    pub(crate) found: Vec<(u64, SessionInfo)>,
    /// The number of the last session that was searched, or `None` if there are no more.
    pub(crate) last: Option<u64>,
}

/// The bytes of sessions after which a part of a search ends, so that other reads get their turn and the search ends soon
/// after its future is dropped.
const SEARCHED_BYTES: u64 = 8 << 20;

/// Searches an owner's sessions with numbers below `before`, until `limit` sessions are found.
pub(crate) fn search(
    connection: &Connection,
    owner: &Owner,
    text: &str,
    before: u64,
    limit: usize,
) -> Outcome<Searched> {
    let sql = select_heads!("WHERE owner = ?1 AND number < ?2 ORDER BY number DESC LIMIT 1");
    let lower = text.to_lowercase();
    let (mut before, mut bytes) = (before, 0);
    let mut found = Vec::new();
    // One statement per session, because a long snapshot keeps the WAL from being reused.
    while found.len() < limit && bytes < SEARCHED_BYTES {
        let head = connection
            .prepare_cached(sql)?
            .query_row(params![encode::owner(owner), signed(before)], Head::read)
            .optional()?;
        let Some(head) = head else {
            return Ok(Searched { found, last: None });
        };
        before = unsigned(head.number);
        bytes += head.info.bytes;
        let title = head.info.title.as_ref();
        let in_title = title.is_some_and(|title| title.to_lowercase().contains(&lower));
        if in_title || entries_contain(connection, head.session, text)? {
            found.push((before, head.info));
        }
    }
    Ok(Searched {
        found,
        last: Some(before),
    })
}

/// Returns `true` if an entry of a session contains the text. Damaged entries never do.
fn entries_contain(connection: &Connection, session: i64, text: &str) -> Outcome<bool> {
    let mut statement =
        connection.prepare_cached("SELECT row FROM entries WHERE session = ?1 ORDER BY version DESC")?;
    let mut rows = statement.query([session])?;
    while let Some(row) = rows.next()? {
        let mut entry = Entry::new(EntryId::new(), []);
        match read_body(connection, row.get(0)?, &mut entry) {
            Ok(true) if contains_text(&entry, text) => return Ok(true),
            Ok(_) => {}
            Err(failure) if failure.is_damage() => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(false)
}
