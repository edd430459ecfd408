//! Connections: how files are opened, and how deleted data is removed from them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use agno::store::{StoreError, StoreErrorKind};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::failure::{Outcome, other};
use crate::options::{Options, Synchronous};
use crate::schema;

/// The location of a database.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    File(PathBuf),
    Memory,
}

impl Location {
    /// Returns the location of a file.
    pub(crate) fn file(path: &Path) -> Result<Self, StoreError> {
        if path == Path::new(":memory:") {
            return Err(StoreError::new(
                StoreErrorKind::Invalid,
                "`:memory:` is not a path; call `Sqlite::in_memory`",
            ));
        }
        // SQLite would read a path that starts with `file:` as a URI, whose parameters can change the options.
        let path = std::path::absolute(path).map_err(|error| other("the path is not valid", error))?;
        Ok(Self::File(path))
    }

    fn connect(&self, flags: OpenFlags, options: &Options) -> Outcome<Connection> {
        // Each connection is used by one thread.
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match self {
            Self::File(path) => Connection::open_with_flags(path, flags)?,
            Self::Memory => Connection::open_in_memory_with_flags(flags)?,
        };
        // Before any other statement, because each of them can find the file locked.
        connection.busy_timeout(options.busy_timeout)?;
        connection.set_prepared_statement_cache_capacity(64);
        // A schema that another program changed must not call functions with side effects.
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;")?;
        Ok(connection)
    }
}

/// Opens the connection that writes, creates the file if it does not exist, and converts it to the newest format.
pub(crate) fn writer(location: &Location, options: &Options) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut connection = location.connect(flags, options)?;
    // Before the journal mode, which is stored in the file.
    schema::check(&connection)?;
    if connection.is_readonly("main")? {
        return Err(StoreError::new(
            StoreErrorKind::ReadOnly,
            "the database file cannot be written; change its permissions, or open it with `Options::read_only`",
        )
        .into());
    }
    set_journal_mode(&connection, options.busy_timeout)?;
    let synchronous = match options.synchronous {
        Synchronous::Normal => "NORMAL",
        Synchronous::Full => "FULL",
    };
    // A larger log than by default, because moving its pages into the file waits for the disk.
    connection.execute_batch(&format!(
        "PRAGMA synchronous = {synchronous};
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA wal_autocheckpoint = 4000;"
    ))?;
    if let Some(pages) = options.max_page_count {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    schema::migrate(&mut connection)?;
    Ok(connection)
}

/// Opens a connection that reads a file that a writer of this process has opened.
pub(crate) fn reader(location: &Location, options: &Options) -> Outcome<Connection> {
    let connection = location.connect(OpenFlags::SQLITE_OPEN_READ_WRITE, options)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    Ok(connection)
}

/// Opens a connection to a file that this process does not write.
pub(crate) fn read_only(location: &Location, options: &Options) -> Outcome<Connection> {
    let connection = location.connect(OpenFlags::SQLITE_OPEN_READ_ONLY, options)?;
    schema::check_newest(&connection)?;
    Ok(connection)
}

/// Reads from one snapshot, also within a transaction.
pub(crate) fn snapshot<T>(connection: &Connection, read: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    connection.prepare_cached("SAVEPOINT snapshot")?.execute([])?;
    let result = read();
    connection.prepare_cached("RELEASE snapshot")?.execute([])?;
    result
}

/// Changes the journal to a write-ahead log. SQLite does not wait here if another program does the same.
fn set_journal_mode(connection: &Connection, timeout: Duration) -> Outcome<()> {
    let start = Instant::now();
    loop {
        match connection.execute_batch("PRAGMA journal_mode = WAL;") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && start.elapsed() < timeout =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            result => return Ok(result?),
        }
    }
}

/// Removes deleted data from the files. The pages of a table can contain old copies of rows that moved, which only `VACUUM`
/// removes, and the WAL contains old pages.
pub(crate) fn scrub(connection: &Connection, vacuum: bool) -> Outcome<()> {
    if vacuum {
        // `VACUUM` copies all pages to a temporary database, which can be larger than the memory. It contains no deleted data.
        connection.execute_batch("PRAGMA temp_store = FILE;")?;
        let result = connection.execute_batch("VACUUM;");
        connection.execute_batch("PRAGMA temp_store = MEMORY;")?;
        result?;
    }
    let is_busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_busy {
        return Err(StoreError::new(
            StoreErrorKind::Unavailable,
            "the data was deleted, but the write-ahead log contains copies, because another program is reading it; try again",
        )
        .into());
    }
    Ok(())
}
