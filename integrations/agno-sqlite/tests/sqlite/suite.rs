//! The suite of tests for stores, applied to files and to databases in memory.

use agno::store::{Result, SessionKey, StoreLimits, Version};
use agno::testing::store::{StoreFactory, TestClock, check};
use agno_sqlite::Sqlite;

use crate::support::Directory;

struct Files;

impl StoreFactory for Files {
    type Store = Sqlite;
    type Data = Directory;

    async fn create(&self) -> Result<Directory> {
        Ok(Directory::new())
    }

    async fn open(&self, data: &Directory, limits: StoreLimits, clock: TestClock) -> Result<Sqlite> {
        Sqlite::options()
            .limits(limits)
            .clock(clock)
            .open(data.path())
            .await
    }

    async fn open_again(
        &self,
        data: &Directory,
        limits: StoreLimits,
        clock: TestClock,
    ) -> Option<Result<Sqlite>> {
        Some(self.open(data, limits, clock).await)
    }

    async fn reopen(
        &self,
        data: &Directory,
        limits: StoreLimits,
        clock: TestClock,
    ) -> Option<Result<Sqlite>> {
        Some(self.open(data, limits, clock).await)
    }

    async fn damage(&self, data: &Directory, key: &SessionKey, version: Version) -> Option<Result<()>> {
        let connection = data.connect();
        let session = "SELECT session FROM sessions WHERE owner = ?2 AND id = ?3";
        let select = format!("SELECT row, body FROM entries WHERE version = ?1 AND session = ({session})");
        let version = i64::try_from(version.number()).unwrap();
        let owner = key.owner().name().unwrap_or_default();
        let columns = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (row, mut body): (i64, Vec<u8>) = connection
            .query_row(&select, (version, owner, key.id()), columns)
            .unwrap();
        body[0] ^= 1;
        connection
            .execute("UPDATE entries SET body = ?2 WHERE row = ?1", (row, body))
            .unwrap();
        Some(Ok(()))
    }

    async fn raw_bytes(&self, data: &Directory) -> Option<Result<Vec<u8>>> {
        Some(Ok(data.bytes()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_pass_the_suite_and_no_case_is_skipped() {
    let report = check(&Files).await;
    println!("{report}");
    report.assert_passed();
    assert_eq!(report.skipped().count(), 0);
}

struct InMemory;

impl StoreFactory for InMemory {
    type Store = Sqlite;
    type Data = ();

    async fn create(&self) -> Result<()> {
        Ok(())
    }

    async fn open(&self, (): &(), limits: StoreLimits, clock: TestClock) -> Result<Sqlite> {
        Sqlite::options().limits(limits).clock(clock).in_memory().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_in_memory_pass_the_suite() {
    let report = check(&InMemory).await;
    println!("{report}");
    report.assert_passed();
}
