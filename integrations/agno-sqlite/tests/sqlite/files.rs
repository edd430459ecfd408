//! Tests of files: formats, permissions, space and locks.

use std::time::Duration;

use agno::store::{Append, Need, Page, SessionStore, StoreErrorKind, Version};
use agno_sqlite::{Sqlite, Synchronous};

use crate::support::{Directory, GatedClock, append, entry, key, texts};

#[tokio::test]
async fn a_later_format_is_refused() {
    let directory = Directory::new();
    directory.open().await.close().await;
    directory
        .connect()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let error = Sqlite::open(directory.path()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NewerFormat);
    assert!(error.to_string().contains("format 99"), "{error}");
}

#[tokio::test]
async fn files_of_other_software_are_refused_and_not_changed() {
    for sql in ["CREATE TABLE users (id INTEGER)", "PRAGMA user_version = 3"] {
        let directory = Directory::new();
        directory.connect().execute_batch(sql).unwrap();
        let before = directory.bytes();
        let error = Sqlite::open(directory.path()).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Invalid, "{error}");
        assert_eq!(directory.bytes(), before);
    }
    let directory = Directory::new();
    std::fs::write(
        directory.path(),
        "not a database, but long enough for one".repeat(100),
    )
    .unwrap();
    let error = Sqlite::open(directory.path()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Damaged, "{error}");
}

#[tokio::test]
async fn invalid_paths_are_errors() {
    let directory = Directory::new();
    let missing = directory.path().join("missing").join("app.db");
    assert_eq!(
        Sqlite::open(missing).await.unwrap_err().kind(),
        StoreErrorKind::Unavailable
    );
    assert_eq!(
        Sqlite::open(":memory:").await.unwrap_err().kind(),
        StoreErrorKind::Invalid
    );
    assert_eq!(Sqlite::open("").await.unwrap_err().kind(), StoreErrorKind::Other);
    // A URI would make the database one in memory.
    let uri = directory.path().with_file_name("file:app?mode=memory");
    Sqlite::open(&uri).await.unwrap().close().await;
    assert!(uri.exists());
}

/// The files of each format, as the release that introduced the format wrote them.
#[tokio::test]
async fn files_of_all_formats_are_read_and_written() {
    let formats = [include_str!("../formats/1.sql")];
    for dump in formats {
        let directory = Directory::new();
        directory.connect().execute_batch(dump).unwrap();
        let store = directory.open().await;
        let key = key("user-17", "s-1");
        let opened = store.open(&key, Need::ALL).await.unwrap();
        assert_eq!(texts(&opened), ["Second", "Third"]);
        assert_eq!(opened.summary.unwrap().text, "The first entry.");
        assert_eq!(opened.state.as_deref(), Some(b"{\"step\":2}".as_slice()));
        assert_eq!(opened.title.as_deref(), Some("A title"));
        let page = store.list(key.owner(), Page::first(10)).await.unwrap();
        assert_eq!(page.sessions[0].usage, agno::model::Usage::new(15, 6));
        let error = store
            .append(&key, Append::at(opened.version), entry("Fourth"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Leased);
        append(&store, &crate::support::key("user-17", "s-2"), 0, "New").await;
    }
}

#[tokio::test]
async fn a_read_only_store_reads_and_does_not_write() {
    let directory = Directory::new();
    let key = key("user-17", "s-1");
    let missing = Sqlite::options()
        .read_only(true)
        .open(directory.path())
        .await
        .unwrap_err();
    assert_eq!(missing.kind(), StoreErrorKind::Unavailable);
    let store = directory.open().await;
    append(&store, &key, 0, "First").await;

    let reader = Sqlite::options()
        .read_only(true)
        .open(directory.path())
        .await
        .unwrap();
    assert_eq!(texts(&reader.open(&key, Need::ALL).await.unwrap()), ["First"]);
    let rejected = entry("Second");
    let error = reader
        .append(&key, Append::at(Version::from_number(1)), rejected.clone())
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.into_entry()),
        (StoreErrorKind::ReadOnly, Some(rejected))
    );
    assert_eq!(
        reader.vacuum().await.unwrap_err().kind(),
        StoreErrorKind::ReadOnly
    );
    append(&store, &key, 1, "Second").await;
    assert_eq!(
        texts(&reader.open(&key, Need::ALL).await.unwrap()),
        ["First", "Second"]
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_without_write_permission_is_an_error() {
    use std::os::unix::fs::PermissionsExt;

    let directory = Directory::new();
    directory.open().await.close().await;
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o444)).unwrap();
    // The permissions do not apply to root.
    let is_writable = std::fs::OpenOptions::new()
        .append(true)
        .open(directory.path())
        .is_ok();
    let expected = if is_writable {
        None
    } else {
        Some(StoreErrorKind::ReadOnly)
    };
    let opened = Sqlite::open(directory.path()).await;
    assert_eq!(opened.err().map(|error| error.kind()), expected);
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_leaves_nothing_and_no_lock() {
    let directory = Directory::new();
    let key = key("user-17", "s-1");
    let clock = GatedClock::default();
    let options = Sqlite::options().max_page_count(60).clock(clock.clone());
    let store = options.open(directory.path()).await.unwrap();
    let mut big = entry("");
    big.body = vec![b' '; 1 << 20].into();
    let at = Append::at(Version::NEW);

    // They share a transaction, and the one that is too big does not fail the others.
    let (first, third) = (
        crate::support::key("user-18", "s-1"),
        crate::support::key("user-19", "s-1"),
    );
    let (_, first, failed, third, ()) = tokio::join!(
        store.lease(&key, Duration::ZERO),
        store.append(&first, at, entry("First")),
        store.append(&key, at, big.clone()),
        store.append(&third, at, entry("Third")),
        async { clock.open() },
    );
    let error = failed.unwrap_err();
    assert_eq!(
        (error.kind(), error.into_entry()),
        (StoreErrorKind::Full, Some(big))
    );
    assert_eq!((first.unwrap().number(), third.unwrap().number()), (1, 1));
    assert!(!store.open(&key, Need::ALL).await.unwrap().exists());

    let another = Sqlite::options()
        .busy_timeout(Duration::ZERO)
        .open(directory.path())
        .await
        .unwrap();
    assert_eq!(append(&another, &key, 0, "Second").await.number(), 1);
}

#[tokio::test]
async fn a_write_that_fails_in_the_middle_changes_nothing() {
    let directory = Directory::new();
    let clock = GatedClock::default();
    let store = Sqlite::options()
        .clock(clock.clone())
        .open(directory.path())
        .await
        .unwrap();
    let fails = "CREATE TRIGGER fails BEFORE INSERT ON states BEGIN SELECT RAISE(FAIL, 'no'); END";
    directory.connect().execute_batch(fails).unwrap();
    let mut with_state = entry("Second");
    with_state.state = Some(b"1".as_slice().into());
    let keys = [
        key("user-17", "s-1"),
        key("user-17", "s-2"),
        key("user-17", "s-3"),
    ];
    let at = Append::at(Version::NEW);
    // The state is the last part that is written.
    let (_, first, failed, third, ()) = tokio::join!(
        store.lease(&keys[0], Duration::ZERO),
        store.append(&keys[0], at, entry("First")),
        store.append(&keys[1], at, with_state.clone()),
        store.append(&keys[2], at, entry("Third")),
        async { clock.open() },
    );
    assert!(first.is_ok() && third.is_ok());
    assert_eq!(failed.unwrap_err().entry(), Some(&with_state));
    // The same in a transaction without other writes.
    let failed = store.append(&keys[1], at, with_state.clone()).await;
    assert_eq!(failed.unwrap_err().into_entry(), Some(with_state));
    assert!(!store.open(&keys[1], Need::ALL).await.unwrap().exists());
    let page = store.list(keys[0].owner(), Page::first(10)).await.unwrap();
    assert_eq!(page.sessions.len(), 2);
    let totals = "SELECT newest, sessions, bytes - (SELECT sum(bytes) FROM entries) FROM owners";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let totals: (i64, i64, i64) = directory.connect().query_row(totals, [], read).unwrap();
    assert_eq!(totals, (2, 2, 0));
}

#[tokio::test]
async fn a_file_that_another_program_locks_is_unavailable() {
    let directory = Directory::new();
    let store = Sqlite::options()
        .busy_timeout(Duration::ZERO)
        .open(directory.path())
        .await
        .unwrap();
    let key = key("user-17", "s-1");
    append(&store, &key, 0, "First").await;
    let other = directory.connect();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let rejected = entry("Second");
    let at = Append::at(Version::from_number(1));
    let error = store.append(&key, at, rejected.clone()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.entry()),
        (StoreErrorKind::Unavailable, Some(&rejected))
    );
    // Reads do not wait for the lock.
    assert_eq!(texts(&store.open(&key, Need::ALL).await.unwrap()), ["First"]);
    other.execute_batch("ROLLBACK").unwrap();
    store.append(&key, at, rejected).await.unwrap();
}

#[tokio::test]
async fn closing_finishes_the_writes_and_removes_the_log() {
    let directory = Directory::new();
    let store = Sqlite::options()
        .synchronous(Synchronous::Full)
        .open(directory.path())
        .await
        .unwrap();
    let key = key("user-17", "s-1");
    let clone = store.clone();
    let pending = tokio::spawn({
        let key = key.clone();
        async move { append(&clone, &key, 0, "First").await }
    });
    pending.await.unwrap();
    store.close().await;
    let files = std::fs::read_dir(directory.path().parent().unwrap()).unwrap();
    assert_eq!(files.count(), 1);
    assert_eq!(
        texts(&directory.open().await.open(&key, Need::ALL).await.unwrap()),
        ["First"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_programs_can_create_the_same_file() {
    for _ in 0..10 {
        let directory = Directory::new();
        let path = directory.path();
        let opens: Vec<_> = (0..8)
            .map(|_| tokio::spawn(Sqlite::options().open(path.clone())))
            .collect();
        for (number, open) in opens.into_iter().enumerate() {
            let store = open.await.unwrap().unwrap();
            append(&store, &key("user-17", &format!("s-{number}")), 0, "First").await;
        }
    }
}
