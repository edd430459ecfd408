//! The rows of sessions and the totals of owners.

use agno::model::Usage;
use agno::session::Owner;
use agno::store::{SessionInfo, SessionKey, StoreError, Version};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::encode::{self, signed, unsigned};
use crate::failure::{Outcome, not_found};

/// Returns the statement that selects the rows that [`Head::read`] reads.
macro_rules! select_heads {
    ($condition:literal) => {
        concat!(
            "SELECT session, number, id, version, created, updated, bytes, usage, title FROM sessions ",
            $condition
        )
    };
}
pub(crate) use select_heads;

/// The row of a session.
pub(crate) struct Head {
    pub(crate) session: i64,
    pub(crate) number: i64,
    /// The properties. The usage is valid only if it could be read.
    pub(crate) info: SessionInfo,
    usage: Option<Usage>,
}

impl Head {
    /// Reads the row of a session.
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let version = Version::from_number(unsigned(row.get(3)?));
        let mut info = SessionInfo::new(row.get::<_, String>(2)?, version);
        info.created_millis = unsigned(row.get(4)?);
        info.updated_millis = unsigned(row.get(5)?);
        info.bytes = unsigned(row.get(6)?);
        let usage = encode::parse_usage(row.get_ref(7)?.as_str_or_null().map_err(rusqlite::Error::from)?);
        info.usage = usage.unwrap_or_default();
        info.title = row.get(8)?;
        Ok(Self {
            session: row.get(0)?,
            number: row.get(1)?,
            info,
            usage,
        })
    }

    /// Finds a session.
    pub(crate) fn find(connection: &Connection, key: &SessionKey) -> Outcome<Option<Self>> {
        let sql = select_heads!("WHERE owner = ?1 AND id = ?2");
        let mut statement = connection.prepare_cached(sql)?;
        let head = statement.query_row(params![encode::owner(key.owner()), key.id()], Self::read);
        Ok(head.optional()?)
    }

    /// Returns a session, which must exist.
    pub(crate) fn get(connection: &Connection, key: &SessionKey) -> Outcome<Self> {
        Ok(Self::find(connection, key)?.ok_or_else(not_found)?)
    }

    /// Returns the tokens that the session used. Unreadable counts are an error, because a write would replace them.
    pub(crate) fn usage(&self) -> Outcome<Usage> {
        let damaged = || StoreError::damaged(&self.info.id, self.info.version);
        Ok(self.usage.ok_or_else(damaged)?)
    }

    /// Adds a session with the next number of its owner.
    pub(crate) fn insert(
        connection: &Connection,
        owner: &Owner,
        info: &SessionInfo,
        owned: &mut Owned,
    ) -> Outcome<i64> {
        owned.newest += 1;
        owned.sessions += 1;
        connection
            .prepare_cached(
                "INSERT INTO sessions (owner, id, number, version, created, updated, bytes, usage, title)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                encode::owner(owner),
                info.id,
                owned.newest,
                signed(info.version.number()),
                signed(info.created_millis),
                signed(info.updated_millis),
                signed(info.bytes),
                encode::usage(&info.usage),
                info.title,
            ])?;
        Ok(connection.last_insert_rowid())
    }
}

/// The totals of an owner.
#[derive(Default)]
pub(crate) struct Owned {
    newest: i64,
    sessions: i64,
    bytes: i64,
}

impl Owned {
    pub(crate) fn find(connection: &Connection, owner: &Owner) -> Outcome<Self> {
        let sql = "SELECT newest, sessions, bytes FROM owners WHERE owner = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let owned = statement.query_row([encode::owner(owner)], |row| {
            Ok(Self {
                newest: row.get(0)?,
                sessions: row.get(1)?,
                bytes: row.get(2)?,
            })
        });
        Ok(owned.optional()?.unwrap_or_default())
    }

    /// Returns the number of bytes after adding some.
    pub(crate) fn bytes_with(&self, more: u64) -> u64 {
        unsigned(self.bytes).saturating_add(more)
    }

    /// Returns the number of sessions after adding one.
    pub(crate) fn sessions_with_one(&self) -> u64 {
        unsigned(self.sessions).saturating_add(1)
    }

    pub(crate) fn add_bytes(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_add(signed(bytes));
    }

    /// Subtracts bytes. Damaged rows must not make the total negative.
    pub(crate) fn remove_bytes(&mut self, bytes: u64) {
        self.bytes = signed(unsigned(self.bytes).saturating_sub(bytes));
    }

    pub(crate) fn remove_session(&mut self) {
        self.sessions = (self.sessions - 1).max(0);
    }

    pub(crate) fn save(&self, connection: &Connection, owner: &Owner) -> Outcome<()> {
        connection
            .prepare_cached(
                "INSERT INTO owners (owner, newest, sessions, bytes) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (owner) DO UPDATE SET newest = ?2, sessions = ?3, bytes = ?4",
            )?
            .execute(params![
                encode::owner(owner),
                self.newest,
                self.sessions,
                self.bytes
            ])?;
        Ok(())
    }
}
