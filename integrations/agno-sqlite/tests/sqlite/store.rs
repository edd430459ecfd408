//! Tests of the operations.

use std::sync::Arc;
use std::time::Duration;

use agno::model::Usage;
use agno::run::RunId;
use agno::session::Owner;
use agno::store::{
    Append, EntryStatus, Need, Page, SessionKey, SessionStore, StoreErrorKind, StoreLimits, Summary, Version,
};
use agno_sqlite::Sqlite;

use crate::support::{Directory, ManualClock, append, entry, key, texts};

#[tokio::test]
async fn all_fields_survive_a_round_trip_and_a_restart() {
    let directory = Directory::new();
    let key = key("user\u{0}'; DROP TABLE sessions; --", "s/1 \u{1f600}");
    let mut written = entry("NUL \u{0}, accents \u{e9}, right to left \u{5d0}");
    written.run = Some(RunId::new());
    written.agent = "Assistant".to_owned();
    written.status = EntryStatus::Paused;
    written.messages = 7;
    written.tokens = u32::MAX;
    written.usage = Usage::new(u64::MAX >> 1, 40);
    written.usage.unreported = 1;
    written.state = Some(b"{\"step\":1}".as_slice().into());

    let clock = ManualClock::new(1_000);
    let store = Sqlite::options()
        .clock(clock.clone())
        .open(directory.path())
        .await
        .unwrap();
    let version = store
        .append(&key, Append::at(Version::NEW), written.clone())
        .await
        .unwrap();
    assert_eq!(version.number(), 1);
    store.rename(&key, Some("A title")).await.unwrap();
    let summary = Summary::new(version, "A summary")
        .unwrap()
        .with_usage(Usage::new(3, 4));
    store.summarize(&key, summary.clone()).await.unwrap();
    clock.set(2_000);
    let last = append(&store, &key, 1, "Second").await;
    store.close().await;

    let store = directory.open().await;
    let opened = store.open(&key, Need::ALL).await.unwrap();
    assert_eq!(
        (opened.version, opened.created_millis, opened.updated_millis),
        (last, 1_000, 2_000)
    );
    assert_eq!(opened.title.as_deref(), Some("A title"));
    assert_eq!(opened.state, written.state);
    assert_eq!(opened.summary, Some(summary));
    assert_eq!(texts(&opened), ["Second"]);
    // Without the summary, the first entry is read as well.
    directory.connect().execute("DELETE FROM summaries", []).unwrap();
    let opened = store.open(&key, Need::ALL).await.unwrap();
    assert_eq!(opened.entries[0].entry, written);
    assert_eq!(opened.entries[0].created_millis, 1_000);
    let page = store.list(key.owner(), Page::first(10)).await.unwrap();
    assert_eq!(page.sessions[0].usage, written.usage + Usage::new(3, 4));
}

#[tokio::test]
async fn a_conflict_contains_the_entry_and_the_current_version() {
    let directory = Directory::new();
    let store = directory.open().await;
    let key = key("user-17", "s-1");
    append(&store, &key, 0, "First").await;
    let rejected = entry("Rejected");
    let error = store
        .append(&key, Append::at(Version::NEW), rejected.clone())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Conflict);
    assert_eq!(error.current_version(), Some(Version::from_number(1)));
    assert_eq!(error.into_entry(), Some(rejected));
    assert_eq!(texts(&store.open(&key, Need::ALL).await.unwrap()), ["First"]);
}

#[tokio::test]
async fn an_entry_is_appended_only_once() {
    let directory = Directory::new();
    let store = directory.open().await;
    let key = key("user-17", "s-1");
    let first = entry("First");
    store
        .append(&key, Append::at(Version::NEW), first.clone())
        .await
        .unwrap();
    append(&store, &key, 1, "Second").await;
    let again = store.append(&key, Append::at(Version::NEW), first).await.unwrap();
    assert_eq!(again.number(), 1);
    assert_eq!(
        texts(&store.open(&key, Need::ALL).await.unwrap()),
        ["First", "Second"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_appends_through_two_handles_leave_no_gap_and_lose_nothing() {
    let directory = Directory::new();
    let (first, second) = tokio::join!(Sqlite::open(directory.path()), Sqlite::open(directory.path()));
    let stores = [first.unwrap(), second.unwrap()];
    let key = Arc::new(key("user-17", "s-1"));
    let append_one = |number: usize| {
        let (store, key) = (stores[number % 2].clone(), Arc::clone(&key));
        tokio::spawn(async move {
            let entry = entry(&format!("Entry {number}"));
            let mut at = Version::NEW;
            // The current version is that of another append, never of this one.
            loop {
                match store.append(&key, Append::at(at), entry.clone()).await {
                    Ok(version) => return version.number(),
                    Err(error) => {
                        assert_eq!(error.kind(), StoreErrorKind::Conflict, "{error}");
                        at = error.current_version().unwrap();
                    }
                }
            }
        })
    };
    let tasks: Vec<_> = (0..64).map(append_one).collect();
    let mut versions = Vec::new();
    for task in tasks {
        versions.push(task.await.unwrap());
    }
    versions.sort_unstable();
    assert_eq!(versions, (1..=64).collect::<Vec<_>>());
    let opened = stores[0].open(&key, Need::ALL).await.unwrap();
    let stored: Vec<u64> = opened
        .entries
        .iter()
        .map(|stored| stored.version.number())
        .collect();
    assert_eq!(stored, versions);
}

#[tokio::test]
async fn opening_reads_only_the_newest_entries() {
    let directory = Directory::new();
    let store = directory.open().await;
    let key = key("user-17", "s-1");
    for number in 0..10 {
        append(&store, &key, number, &format!("Entry {number}")).await;
    }
    let opened = store.open(&key, Need::messages(3)).await.unwrap();
    assert_eq!(texts(&opened), ["Entry 7", "Entry 8", "Entry 9"]);
    assert!(store.open(&key, Need::HEAD).await.unwrap().entries.is_empty());
    // Damage in entries that are not needed is not read.
    damage(&directory, 3);
    assert!(store.open(&key, Need::messages(3)).await.is_ok());
}

fn damage(directory: &Directory, version: u64) {
    let sql = "UPDATE entries SET body = zeroblob(length(body)) WHERE version = ?1";
    let version = i64::try_from(version).unwrap();
    assert_eq!(directory.connect().execute(sql, [version]).unwrap(), 1);
}

#[tokio::test]
async fn a_damaged_entry_is_an_error_and_the_others_can_be_read() {
    let directory = Directory::new();
    let store = directory.open().await;
    let key = key("user-17", "s-1");
    for (number, text) in ["First", "Second", "Third"].into_iter().enumerate() {
        append(&store, &key, number as u64, text).await;
    }
    damage(&directory, 2);
    let error = store.open(&key, Need::ALL).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Damaged);
    assert!(
        error.to_string().contains("entry 2 of the session `s-1`"),
        "{error}"
    );
    let opened = store.open(&key, Need::ALL.without_damaged()).await.unwrap();
    assert_eq!(texts(&opened), ["First", "Third"]);
    assert_eq!(opened.damaged, [Version::from_number(2)]);
    assert_eq!(
        store
            .search(key.owner(), "third", Page::first(10))
            .await
            .unwrap()
            .sessions
            .len(),
        1
    );
    assert_eq!(append(&store, &key, 3, "Fourth").await.number(), 4);
}

#[tokio::test]
async fn damage_in_each_column_of_an_entry_is_found() {
    let directory = Directory::new();
    let store = directory.open().await;
    let key = key("user-17", "s-1");
    let mut written = entry("First");
    written.run = Some(RunId::new());
    written.state = Some(b"1".as_slice().into());
    store
        .append(&key, Append::at(Version::NEW), written)
        .await
        .unwrap();
    for change in [
        "created = created + 1",
        "entry = zeroblob(16)",
        "entry = x'01'",
        "run = NULL",
        "run = x'0102'",
        "status = 'failed'",
        "messages = 2",
        "messages = -1",
        "tokens = tokens + 1",
        "usage = '{'",
        "usage = '{\"input\":1,\"output\":1}'",
        "agent = 'b'",
        "state = NULL",
        "state = x'32'",
        "body = x''",
        "body = substr(body, 2)",
        "checksum = checksum + 1",
    ] {
        let other = directory.connect();
        other
            .execute_batch("CREATE TABLE copy AS SELECT * FROM entries")
            .unwrap();
        other
            .execute(&format!("UPDATE entries SET {change}"), [])
            .unwrap();
        let opened = store.open(&key, Need::ALL.without_damaged()).await.unwrap();
        assert_eq!(opened.damaged, [Version::from_number(1)], "{change}");
        assert_eq!(
            store.open(&key, Need::ALL).await.unwrap_err().kind(),
            StoreErrorKind::Damaged
        );
        other
            .execute_batch("DELETE FROM entries; INSERT INTO entries SELECT * FROM copy; DROP TABLE copy")
            .unwrap();
        assert!(store.open(&key, Need::ALL).await.is_ok());
    }
}

#[tokio::test]
async fn a_damaged_state_or_summary_is_an_error() {
    let directory = Directory::new();
    let store = directory.open().await;
    let key = key("user-17", "s-1");
    let mut written = entry("First");
    written.state = Some(b"1".as_slice().into());
    store
        .append(&key, Append::at(Version::NEW), written)
        .await
        .unwrap();
    store
        .summarize(&key, Summary::new(Version::from_number(1), "Text").unwrap())
        .await
        .unwrap();
    for change in [
        "states SET state = x'32'",
        "summaries SET text = 'Tex'",
        "summaries SET text = ''",
    ] {
        directory
            .connect()
            .execute(&format!("UPDATE {change}"), [])
            .unwrap();
        assert_eq!(
            store.open(&key, Need::ALL).await.unwrap_err().kind(),
            StoreErrorKind::Damaged
        );
        let opened = store.open(&key, Need::ALL.without_damaged()).await.unwrap();
        assert_eq!(opened.damaged, [Version::from_number(1)], "{change}");
    }
}

#[tokio::test]
async fn an_entry_with_a_status_of_a_later_release_is_not_damaged() {
    let directory = Directory::new();
    let store = directory.open().await;
    let key = key("user-17", "s-1");
    let written = entry("First");
    store
        .append(&key, Append::at(Version::NEW), written.clone())
        .await
        .unwrap();
    directory
        .connect()
        .execute("UPDATE entries SET status = 'archived'", [])
        .unwrap();
    // The checksum does not match the status.
    assert_eq!(
        store.open(&key, Need::ALL).await.unwrap_err().kind(),
        StoreErrorKind::Damaged
    );
}

#[tokio::test]
async fn the_shared_owner_and_named_owners_have_separate_sessions() {
    let store = Sqlite::in_memory().await.unwrap();
    let shared = SessionKey::new(Owner::shared(), "s-1").unwrap();
    append(&store, &shared, 0, "Shared").await;
    for name in ["(shared)", " ", "\u{0}", "NULL"] {
        let named = key(name, "s-1");
        assert!(!store.open(&named, Need::ALL).await.unwrap().exists());
        append(&store, &named, 0, name).await;
    }
    assert_eq!(store.erase(&Owner::shared()).await.unwrap().sessions, 1);
    assert!(!store.open(&shared, Need::ALL).await.unwrap().exists());
    assert!(
        store
            .open(&key("(shared)", "s-1"), Need::ALL)
            .await
            .unwrap()
            .exists()
    );
}

#[tokio::test]
async fn the_bytes_of_an_owner_are_limited_without_reading_the_sessions() {
    let directory = Directory::new();
    let limits = StoreLimits::DEFAULT
        .with_max_bytes(1_000)
        .with_max_sessions(2)
        .with_max_entry_bytes(700);
    let store = Sqlite::options()
        .limits(limits)
        .open(directory.path())
        .await
        .unwrap();
    let of_size = |bytes: usize| {
        let mut entry = entry("");
        entry.body = vec![b' '; bytes].into();
        entry
    };
    let try_append = async |id: &str, version: u64, bytes: usize| {
        let at = Append::at(Version::from_number(version));
        let appended = store.append(&key("user-17", id), at, of_size(bytes)).await;
        appended.map_err(|error| error.kind())
    };
    assert_eq!(try_append("a", 0, 701).await, Err(StoreErrorKind::Limit));
    assert!(try_append("a", 0, 600).await.is_ok());
    assert_eq!(try_append("a", 1, 401).await, Err(StoreErrorKind::Limit));
    assert!(try_append("b", 0, 400).await.is_ok());
    assert_eq!(try_append("c", 0, 0).await, Err(StoreErrorKind::Limit));
    assert!(store.delete(&key("user-17", "b")).await.unwrap());
    assert!(try_append("c", 0, 400).await.is_ok());
    assert_eq!(try_append("c", 1, 1).await, Err(StoreErrorKind::Limit));
}

#[tokio::test]
async fn a_lease_excludes_others_until_it_expires() {
    let directory = Directory::new();
    let clock = ManualClock::new(1_000);
    let open = || Sqlite::options().clock(clock.clone()).open(directory.path());
    let (store, other) = (open().await.unwrap(), open().await.unwrap());
    let key = key("user-17", "s-1");
    let minute = Duration::from_secs(60);
    let lease = store.lease(&key, minute).await.unwrap();
    assert_eq!(
        other.lease(&key, minute).await.unwrap_err().kind(),
        StoreErrorKind::Leased
    );
    let append = Append::at(Version::NEW);
    let error = other.append(&key, append, entry("Other")).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Leased);
    store
        .append(&key, append.with_lease(lease.token), entry("Holder"))
        .await
        .unwrap();

    clock.set(61_000);
    let next = other.lease(&key, minute).await.unwrap();
    let append = Append::at(Version::from_number(1));
    let error = store
        .append(&key, append.with_lease(lease.token), entry("Late"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Leased);
    assert_eq!(
        store.renew(&key, lease.token, minute).await.unwrap_err().kind(),
        StoreErrorKind::Leased
    );
    other.release(&key, next.token).await.unwrap();
    assert_eq!(
        store.renew(&key, lease.token, minute).await.unwrap_err().kind(),
        StoreErrorKind::NotFound
    );
    store.append(&key, append, entry("Free")).await.unwrap();
}

#[tokio::test]
async fn a_dropped_append_is_complete_or_absent() {
    let directory = Directory::new();
    let store = directory.open().await;
    let key = key("user-17", "s-1");
    for number in 0..50 {
        let opened = store.open(&key, Need::HEAD).await.unwrap();
        let pending = store.append(
            &key,
            Append::at(opened.version),
            entry(&format!("Entry {number}")),
        );
        // A future that is polled once has sent its entry.
        let _ = tokio::time::timeout(Duration::ZERO, pending).await;
    }
    let opened = store.open(&key, Need::ALL).await.unwrap();
    assert_eq!(opened.version.number(), opened.entries.len() as u64);
}

#[tokio::test]
async fn a_search_continues_over_many_sessions() {
    let directory = Directory::new();
    let store = directory.open().await;
    for number in 0..30 {
        let text = if number % 10 == 0 {
            "The OPERA house".to_owned()
        } else {
            "x".repeat(1 << 20)
        };
        append(&store, &key("user-17", &format!("s-{number}")), 0, &text).await;
    }
    let owner = Owner::new("user-17").unwrap();
    let first = store.search(&owner, "opera", Page::first(2)).await.unwrap();
    let ids: Vec<&str> = first.sessions.iter().map(|info| info.id.as_str()).collect();
    assert_eq!(ids, ["s-20", "s-10"]);
    let second = store
        .search(&owner, "opera", Page::first(2).after(first.next.unwrap()))
        .await
        .unwrap();
    assert_eq!(second.sessions[0].id, "s-0");
    assert_eq!((second.sessions.len(), second.next), (1, None));
}

struct PanickingClock;

impl agno::store::Clock for PanickingClock {
    fn unix_millis(&self) -> u64 {
        panic!("the clock stopped")
    }
}

#[tokio::test]
async fn a_clock_that_panics_is_an_error_and_reads_still_work() {
    let directory = Directory::new();
    let key = key("user-17", "s-1");
    append(&directory.open().await, &key, 0, "First").await;
    let store = Sqlite::options()
        .clock(PanickingClock)
        .open(directory.path())
        .await
        .unwrap();
    for _ in 0..2 {
        let rejected = entry("Second");
        let at = Append::at(Version::from_number(1));
        let error = store.append(&key, at, rejected.clone()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.into_entry()),
            (StoreErrorKind::Unavailable, Some(rejected))
        );
    }
    assert_eq!(texts(&store.open(&key, Need::ALL).await.unwrap()), ["First"]);
    // The transaction was rolled back, and its lock released.
    store.close().await;
    append(&directory.open().await, &key, 1, "Second").await;
}
