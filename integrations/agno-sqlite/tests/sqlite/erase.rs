//! Tests that deleted data is in no file.

use std::time::Duration;

use agno::session::Owner;
use agno::store::{Append, Need, Retention, SessionKey, SessionStore, StoreErrorKind, Summary, Version};
use agno_sqlite::Sqlite;

use crate::support::{Directory, append, entry, key};

/// Appends entries to sessions of three owners in a pseudo-random order, so that the rows of each are between the others'.
async fn fill(store: &Sqlite) {
    let mut random: u64 = 1;
    let mut versions = [[0; 4]; 3];
    for _ in 0..600 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let (owner, session) = ((random >> 33) as usize % 3, (random >> 40) as usize % 4);
        let size = (random >> 45) as usize % 40;
        let key = key(
            &format!("owner-{owner}-canary"),
            &format!("session-{owner}-canary-{session}"),
        );
        let mut entry = entry(&format!("message-{owner}-canary ").repeat(size + 1));
        entry.agent = format!("agent-{owner}-canary");
        entry.state = (size > 30).then(|| format!("\"state-{owner}-canary\"").into_bytes().into());
        let version = &mut versions[owner][session];
        store
            .append(&key, Append::at(Version::from_number(*version)), entry)
            .await
            .unwrap();
        *version += 1;
        if size.is_multiple_of(8) {
            store
                .rename(&key, Some(&format!("title-{owner}-canary ").repeat(size)))
                .await
                .unwrap();
            let text = format!("summary-{owner}-canary ").repeat(size + 1);
            let summary = Summary::new(Version::from_number(*version), text).unwrap();
            store.summarize(&key, summary).await.unwrap();
        }
        if size == 11 {
            store.prune(key.owner(), Retention::newest(5)).await.unwrap();
        }
        if size == 13 && *version > 2 {
            store.delete(&key).await.unwrap();
            *version = 0;
        }
        if size == 17 {
            store.lease(&key, Duration::ZERO).await.unwrap();
            store.open(&key, Need::ALL).await.unwrap();
            let lease = store.lease(&key, Duration::ZERO).await.unwrap();
            store.release(&key, lease.token).await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_erased_owner_is_in_no_file() {
    let directory = Directory::new();
    let store = directory.open().await;
    fill(&store).await;
    for owner in 0..3 {
        for table in [
            "owner", "session", "message", "agent", "state", "title", "summary",
        ] {
            assert!(directory.contains(&format!("{table}-{owner}-canary")), "{table}");
        }
        let removed = store
            .erase(&Owner::new(format!("owner-{owner}-canary")).unwrap())
            .await
            .unwrap();
        assert!(removed.sessions > 0 && removed.entries > 0);
        assert!(!directory.contains(&format!("-{owner}-canary")));
    }
    assert!(!directory.contains("canary"));
}

/// Sessions of twenty owners, whose IDs have different lengths and no order, so that rows of an index move between pages. SQLite
/// overwrites a row that it deletes, but not the places where it was before.
#[tokio::test]
async fn an_erased_owner_is_not_in_the_unused_parts_of_pages() {
    let directory = Directory::new();
    let store = directory.open().await;
    let owner = |number: u64| Owner::new(format!("{number:02}-canary")).unwrap();
    let mut random: u64 = 1;
    for number in 0..1_500 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let owner = owner((random >> 33) % 20);
        let repeats = (random >> 40) as usize % 90 + 1;
        let id = format!(
            "{:05} {number} {}",
            (random >> 50) % 10_000,
            format!("{owner} ").repeat(repeats)
        );
        append(&store, &SessionKey::new(&owner, id).unwrap(), 0, "A message").await;
    }
    for number in (0..20).step_by(3) {
        let owner = owner(number);
        assert!(directory.contains(owner.name().unwrap()));
        store.erase(&owner).await.unwrap();
        assert!(!directory.contains(owner.name().unwrap()), "{number}");
    }
}

#[tokio::test]
async fn an_erasure_without_a_vacuum_overwrites_the_rows() {
    let directory = Directory::new();
    let store = Sqlite::options()
        .vacuum_on_erase(false)
        .open(directory.path())
        .await
        .unwrap();
    for (number, text) in ["canary ", "canary ".repeat(2_000).as_str()]
        .into_iter()
        .enumerate()
    {
        append(&store, &key("user-17", "s-1"), number as u64, text).await;
        append(&store, &key("user-18", "s-1"), number as u64, "Other").await;
    }
    assert!(directory.contains("canary"));
    store.erase(&Owner::new("user-17").unwrap()).await.unwrap();
    assert!(!directory.contains("canary"));
}

#[tokio::test]
async fn deleted_and_pruned_data_is_in_no_file_after_a_vacuum() {
    let directory = Directory::new();
    let store = Sqlite::options()
        .vacuum_on_erase(false)
        .open(directory.path())
        .await
        .unwrap();
    fill(&store).await;
    let last = key("user-17", "s-1");
    append(&store, &last, 0, "deleted-canary").await;
    store.delete(&last).await.unwrap();
    for owner in 0..3 {
        store
            .erase(&Owner::new(format!("owner-{owner}-canary")).unwrap())
            .await
            .unwrap();
    }
    store.vacuum().await.unwrap();
    assert!(!directory.contains("canary"));
}

#[tokio::test]
async fn an_erasure_that_a_reader_blocks_is_an_error_and_can_be_repeated() {
    let directory = Directory::new();
    let store = Sqlite::options()
        .busy_timeout(Duration::ZERO)
        .open(directory.path())
        .await
        .unwrap();
    let key = key("user-17", "s-1");
    append(&store, &key, 0, "canary").await;
    let other = directory.connect();
    other.execute_batch("BEGIN; SELECT * FROM entries").unwrap();
    let error = store.erase(key.owner()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    assert!(!store.open(&key, Need::ALL).await.unwrap().exists());
    other.execute_batch("COMMIT").unwrap();
    store.erase(key.owner()).await.unwrap();
    assert!(!directory.contains("canary"));
}
