//! The format of the file, and its migrations.

use agno::store::{StoreError, StoreErrorKind};
use rusqlite::Connection;

use crate::connection::snapshot;
use crate::failure::Outcome;

/// The statements that convert a file to each format from the previous one. Released statements never change.
const MIGRATIONS: &[&str] = &[include_str!("formats/1.sql")];

/// The newest format.
const NEWEST: i64 = MIGRATIONS.len() as i64;

/// The `application_id` of a file: `agno` in ASCII.
const APPLICATION: i64 = 0x6167_6e6f;

/// Checks that the file is empty or belongs to agno, and returns its format. An empty file has format 0.
pub(crate) fn check(connection: &Connection) -> Outcome<i64> {
    // From one snapshot, because another program may be creating the tables.
    let (application, format, tables) = snapshot(connection, || {
        let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        Ok((
            number("PRAGMA application_id")?,
            number("PRAGMA user_version")?,
            number("SELECT count(*) FROM sqlite_schema")?,
        ))
    })?;
    if application == APPLICATION {
        return match format {
            1..=NEWEST => Ok(format),
            _ => Err(StoreError::new(
                StoreErrorKind::NewerFormat,
                format!(
                    "the database has format {format}, and this release of agno-sqlite reads formats up to {NEWEST}; update agno-sqlite"
                ),
            )
            .into()),
        };
    }
    if (application, format, tables) == (0, 0, 0) {
        return Ok(0);
    }
    Err(StoreError::new(
        StoreErrorKind::Invalid,
        "the file is a database of other software; pass the path of a new file",
    )
    .into())
}

/// Checks that the file has the newest format. A read-only file cannot be converted.
pub(crate) fn check_newest(connection: &Connection) -> Outcome<()> {
    let format = check(connection)?;
    if format == NEWEST {
        return Ok(());
    }
    Err(StoreError::new(
        StoreErrorKind::ReadOnly,
        format!("the database has format {format} and must be converted to {NEWEST}; open it once without `read_only`"),
    )
    .into())
}

/// Converts the file to the newest format, in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Outcome<()> {
    if check(connection)? == NEWEST {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another program may have converted the file while this one waited.
    let format = check(&transaction)?;
    for (number, statements) in (1..).zip(MIGRATIONS).skip_while(|(number, _)| *number <= format) {
        transaction.execute_batch(statements)?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.commit()?;
    Ok(())
}
