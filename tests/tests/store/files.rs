//! The suite of tests for stores, applied to the store in files.

use std::fs;
use std::path::{Path, PathBuf};

use agno::session::Owner;
use agno::store::{
    Append, Entry, FileStore, Need, Page, Result, Retention, SessionKey, SessionStore, StoreErrorKind,
    StoreLimits, Version,
};
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

/// Returns a store with a session of this many entries, and the directory of the session.
async fn with_entries(data: &TempDir, count: u64) -> (FileStore, SessionKey, PathBuf) {
    let store = FileStore::open(data.path()).await.unwrap();
    let key = SessionKey::new(Owner::shared(), "s").unwrap();
    for version in 0..count {
        let append = Append::at(Version::from_number(version));
        store.append(&key, append, entry("text")).await.unwrap();
    }
    let directory = session_directory(data.path(), &key);
    (store, key, directory)
}

fn entry(text: &str) -> Entry {
    Entry::from_messages([text.into()]).unwrap()
}

fn path_of(session: &Path, version: u64) -> PathBuf {
    session.join(format!("{version:020}.jsonl"))
}

#[tokio::test]
async fn an_entry_that_was_not_finished_is_not_seen() {
    let data = TempDir::new().unwrap();
    let (_, key, directory) = with_entries(&data, 1).await;
    // A program that is killed between the two steps of an append leaves this file.
    fs::write(directory.join(".tmp-1"), b"{\"format\":1,\"version\":2").unwrap();
    let store = FileStore::open(data.path()).await.unwrap();
    let version = store.open(&key, Need::ALL).await.unwrap().version;
    assert_eq!(version, Version::from_number(1));
    let next = store
        .append(&key, Append::at(version), entry("two"))
        .await
        .unwrap();
    assert_eq!(next, version.next());
}

#[tokio::test]
async fn each_changed_digit_of_the_first_line_is_damage_and_the_other_entries_stay_readable() {
    let data = TempDir::new().unwrap();
    let (store, key, directory) = with_entries(&data, 3).await;
    for version in [2, 3] {
        let path = path_of(&directory, version);
        let original = fs::read(&path).unwrap();
        let line = original.iter().position(|byte| *byte == b'\n').unwrap();
        // The format comes first; another format is another error.
        let digits = (12..line).filter(|at| original[*at].is_ascii_digit());
        for at in digits {
            let mut damaged = original.clone();
            damaged[at] = if damaged[at] == b'9' {
                b'8'
            } else {
                damaged[at] + 1
            };
            fs::write(&path, damaged).unwrap();
            let error = store.open(&key, Need::ALL).await.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Damaged, "{at}: {error}");
            assert!(
                error.to_string().contains(&format!("entry {version} ")),
                "{error}"
            );
        }
        let opened = store.open(&key, Need::ALL.without_damaged()).await.unwrap();
        assert_eq!((opened.version.number(), opened.entries.len()), (3, 2));
        assert_eq!(opened.damaged, [Version::from_number(version)]);
        assert_eq!(
            store
                .list(key.owner(), Page::first(1))
                .await
                .unwrap()
                .sessions
                .len(),
            1
        );
        fs::write(&path, original).unwrap();
    }
}

#[tokio::test]
async fn a_session_whose_newest_entry_is_damaged_accepts_further_entries() {
    let data = TempDir::new().unwrap();
    let (store, key, directory) = with_entries(&data, 2).await;
    fs::write(path_of(&directory, 2), b"").unwrap();
    let append = Append::at(Version::from_number(2));
    assert_eq!(
        store.append(&key, append, entry("three")).await.unwrap().number(),
        3
    );
}

#[tokio::test]
async fn an_entry_that_was_lost_is_damage_unless_all_older_ones_were_pruned() {
    let data = TempDir::new().unwrap();
    let (store, key, directory) = with_entries(&data, 3).await;
    fs::remove_file(path_of(&directory, 2)).unwrap();
    let error = store.open(&key, Need::ALL).await.unwrap_err();
    assert!(error.to_string().contains("entry 2 "), "{error}");
    fs::remove_file(path_of(&directory, 1)).unwrap();
    assert_eq!(store.open(&key, Need::ALL).await.unwrap().entries.len(), 1);
}

#[tokio::test]
async fn a_deletion_that_was_interrupted_is_completed_by_the_next_one() {
    for is_erased in [true, false] {
        let data = TempDir::new().unwrap();
        let (store, key, directory) = with_entries(&data, 1).await;
        // A program that is killed during a deletion leaves such a directory.
        let deleted = match is_erased {
            true => directory.parent().unwrap().to_owned(),
            false => directory,
        };
        fs::rename(&deleted, deleted.with_file_name(".deleted-1")).unwrap();
        if is_erased {
            assert_eq!(store.erase(key.owner()).await.unwrap().sessions, 0);
        } else {
            assert!(!store.delete(&key).await.unwrap());
        }
        let left = files(data.path());
        assert!(
            left.iter()
                .all(|file| file.extension().is_none_or(|end| end != "jsonl")),
            "{left:?}"
        );
    }
}

#[tokio::test]
async fn opening_a_directory_leaves_the_files_of_others() {
    let data = TempDir::new().unwrap();
    fs::write(data.path().join(".tmp-other"), b"text").unwrap();
    let _store = FileStore::open(data.path()).await.unwrap();
    assert!(data.path().join(".tmp-other").exists());
}

#[tokio::test]
async fn the_bytes_of_a_fork_are_those_of_the_entries_that_were_not_pruned() {
    let data = TempDir::new().unwrap();
    let (store, key, _) = with_entries(&data, 3).await;
    store.prune(key.owner(), Retention::newest(1)).await.unwrap();
    store.fork(&key, Version::from_number(3), "fork").await.unwrap();
    let sessions = store.list(key.owner(), Page::first(9)).await.unwrap().sessions;
    assert_eq!(sessions[0].bytes, sessions[1].bytes);
}
