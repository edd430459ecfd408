//! The suite of tests for stores, applied to the store in files.

use std::fs;
use std::path::{Path, PathBuf};

use agno::store::{FileStore, Result, SessionKey, SessionStore, StoreLimits, Version};
use agno::testing::store::{StoreFactory, TestClock, check};
use serde_json::Value;
use tempfile::TempDir;

struct InFiles;

impl StoreFactory for InFiles {
    type Store = FileStore;
    type Data = TempDir;

    async fn create(&self) -> Result<TempDir> {
        Ok(TempDir::new().expect("a temporary directory"))
    }

    async fn open(&self, data: &TempDir, limits: StoreLimits, clock: TestClock) -> Result<FileStore> {
        let store = FileStore::open(data.path()).await?;
        // The cases kill no machine, so they need not wait for the disk.
        Ok(store.with_limits(limits).with_clock(clock).with_sync(false))
    }

    async fn open_again(
        &self,
        data: &TempDir,
        limits: StoreLimits,
        clock: TestClock,
    ) -> Option<Result<FileStore>> {
        Some(self.open(data, limits, clock).await)
    }

    async fn reopen(
        &self,
        data: &TempDir,
        limits: StoreLimits,
        clock: TestClock,
    ) -> Option<Result<FileStore>> {
        Some(self.open(data, limits, clock).await)
    }

    async fn damage(&self, data: &TempDir, key: &SessionKey, version: Version) -> Option<Result<()>> {
        let directory = session_directory(data.path(), key);
        let path = directory.join(format!("{:020}.jsonl", version.number()));
        let mut bytes = fs::read(&path).expect("the entry exists");
        let body = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .expect("an entry has lines")
            + 1;
        bytes[body] ^= 1;
        // Not in place, because forks share the files of entries.
        fs::remove_file(&path).expect("the entry can be deleted");
        fs::write(&path, bytes).expect("the entry can be written");
        Some(Ok(()))
    }

    async fn raw_bytes(&self, data: &TempDir) -> Option<Result<Vec<u8>>> {
        let files = files(data.path()).into_iter();
        Some(Ok(files
            .flat_map(|file| fs::read(file).expect("a file of the store"))
            .collect()))
    }
}

/// Returns the directory of a session.
fn session_directory(root: &Path, key: &SessionKey) -> PathBuf {
    let has = |directory: &Path, file: &str, name: &str, value: Value| {
        let text = fs::read(directory.join(file)).unwrap_or_default();
        serde_json::from_slice::<Value>(&text).is_ok_and(|json| json[name] == value)
    };
    let owner = directories(root)
        .into_iter()
        .find(|owner| has(owner, "owner.json", "owner", key.owner().name().into()))
        .expect("the owner has a directory");
    directories(&owner)
        .into_iter()
        .find(|session| has(session, "session.json", "id", key.id().into()))
        .expect("the session has a directory")
}

fn directories(path: &Path) -> Vec<PathBuf> {
    let children = fs::read_dir(path)
        .expect("a directory")
        .map(|child| child.expect("a child").path());
    children.filter(|child| child.is_dir()).collect()
}

/// Returns all files in a directory.
fn files(path: &Path) -> Vec<PathBuf> {
    let children = fs::read_dir(path)
        .expect("a directory")
        .map(|child| child.expect("a child").path());
    children
        .flat_map(|child| {
            if child.is_dir() {
                files(&child)
            } else {
                vec![child]
            }
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_files_passes_the_suite() {
    let report = check(&InFiles).await;
    println!("{report}");
    report.assert_passed();
}

#[tokio::test]
async fn an_entry_that_was_not_finished_is_not_seen() {
    let data = TempDir::new().unwrap();
    let store = FileStore::open(data.path()).await.unwrap();
    let key = SessionKey::new(agno::session::Owner::shared(), "s").unwrap();
    let entry = |text: &str| agno::store::Entry::from_messages([text.into()]).unwrap();
    let version = store
        .append(&key, agno::store::Append::at(Version::NEW), entry("one"))
        .await
        .unwrap();
    // A program that is killed between the two steps of an append leaves this file.
    let directory = session_directory(data.path(), &key);
    fs::write(directory.join(".tmp-1"), b"{\"format\":1,\"version\":2").unwrap();
    let store = FileStore::open(data.path()).await.unwrap();
    assert_eq!(
        store.open(&key, agno::store::Need::ALL).await.unwrap().version,
        version
    );
    let next = store
        .append(&key, agno::store::Append::at(version), entry("two"))
        .await
        .unwrap();
    assert_eq!(next, version.next());
}
