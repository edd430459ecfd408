//! Measures the store: opening sessions of different lengths, appending, concurrent writers, and the size of a run.
//!
//! `cargo run --release -p agno-sqlite --example measure`

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use agno::message::Message;
use agno::model::Usage;
use agno::run::RunId;
use agno::session::{Owner, Window};
use agno::store::{Append, Entry, Need, SessionKey, SessionStore, StoreLimits, Version};
use agno_sqlite::{Sqlite, Synchronous};
use rusqlite::{Connection, params};

/// A run with a question of 60 characters and an answer of 400.
fn run() -> Entry {
    let messages = [Message::user("q".repeat(60)), Message::assistant("a".repeat(400))];
    let mut entry = Entry::from_messages(messages).unwrap();
    entry.run = Some(RunId::new());
    entry.agent = "Assistant".to_owned();
    entry.usage = Usage::new(900, 100);
    entry
}

fn key(id: impl std::fmt::Display) -> SessionKey {
    SessionKey::new(Owner::new("user-17").unwrap(), id.to_string()).unwrap()
}

async fn fill(store: &Sqlite, key: &SessionKey, runs: u64) {
    for version in 0..runs {
        let at = Append::at(Version::from_number(version));
        store.append(key, at, run()).await.unwrap();
    }
}

/// Returns the median of the times.
fn median(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    format!("{:8.1} µs", times[times.len() / 2].as_secs_f64() * 1e6)
}

const REPEATS: usize = 2_000;

async fn open(store: &Sqlite, runs: u64) {
    let key = key(runs);
    fill(store, &key, runs).await;
    let need = Need::window(Window::messages(40));
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        let start = Instant::now();
        let opened = store.open(&key, need).await.unwrap();
        times.push(start.elapsed());
        assert_eq!(opened.entries.len(), usize::try_from(runs.min(21)).unwrap());
    }
    println!(
        "open a session of {runs:6} runs, window of 40 messages   {}",
        median(times)
    );
}

async fn append(store: &Sqlite, label: &str, key: &SessionKey) {
    let mut version = store.open(key, Need::HEAD).await.unwrap().version;
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        let entry = run();
        let start = Instant::now();
        version = store.append(key, Append::at(version), entry).await.unwrap();
        times.push(start.elapsed());
    }
    println!("append, {label:48}  {}", median(times));
}

/// An operation that reads one row, for the time that a thread takes to answer.
async fn round_trip(store: &Sqlite) {
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        let start = Instant::now();
        store.open(&key("missing"), Need::HEAD).await.unwrap();
        times.push(start.elapsed());
    }
    println!(
        "open a session that does not exist                        {}",
        median(times)
    );
}

/// Inserts the same rows as an append, without checks and on the same thread.
fn by_hand(connection: &Connection, label: &str) {
    let newest = "SELECT max(version) FROM entries WHERE session = 1";
    let newest: i64 = connection.query_row(newest, [], |row| row.get(0)).unwrap();
    let mut times = Vec::new();
    for version in newest + 1..=newest + i64::try_from(REPEATS).unwrap() {
        let entry = run();
        let usage = serde_json::to_string(&entry.usage).unwrap();
        let id = u128::from_str_radix(&entry.id.to_string(), 16)
            .unwrap()
            .to_be_bytes();
        let start = Instant::now();
        connection
            .prepare_cached("BEGIN IMMEDIATE")
            .unwrap()
            .execute([])
            .unwrap();
        connection
            .prepare_cached(
                "INSERT INTO entries (session, version, created, entry, run, status, messages, tokens, bytes,
                     checksum, usage, agent, state, body)
                 VALUES (1, ?1, 0, ?2, ?2, 'finished', 2, 120, ?3, 0, ?4, 'Assistant', NULL, ?5)",
            )
            .unwrap()
            .execute(params![
                version,
                id,
                i64::try_from(entry.size()).unwrap(),
                usage,
                &*entry.body
            ])
            .unwrap();
        connection
            .prepare_cached("UPDATE sessions SET version = ?1, updated = ?1, usage = ?2 WHERE session = 1")
            .unwrap()
            .execute(params![version, usage])
            .unwrap();
        connection.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
        times.push(start.elapsed());
    }
    println!("append, {label:48}  {}", median(times));
}

async fn throughput(store: &Sqlite, label: &str, writers: u64) {
    const RUNS: u64 = 16_000;
    let start = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let (store, key) = (store.clone(), key(format!("{label} {writers} {writer}")));
            tokio::spawn(async move { fill(&store, &key, RUNS / writers).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let rate = RUNS as f64 / start.elapsed().as_secs_f64();
    println!("{writers:2} writers, {label:45}  {rate:8.0} appends per second");
}

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("measure.db");
    let limits = StoreLimits::DEFAULT;
    let normal = Sqlite::options().limits(limits).open(&path).await.unwrap();
    round_trip(&normal).await;
    for runs in [1, 100, 10_000] {
        open(&normal, runs).await;
    }
    append(&normal, "session of 1 run, Synchronous::Normal", &key(1)).await;
    append(
        &normal,
        "session of 10,000 runs, Synchronous::Normal",
        &key(10_000),
    )
    .await;
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON")
        .unwrap();
    by_hand(&hand, "by hand with rusqlite, synchronous = NORMAL");
    let full = Sqlite::options()
        .synchronous(Synchronous::Full)
        .open(&path)
        .await
        .unwrap();
    append(&full, "session of 10,000 runs, Synchronous::Full", &key(10_000)).await;
    hand.execute_batch("PRAGMA synchronous = FULL").unwrap();
    by_hand(&hand, "by hand with rusqlite, synchronous = FULL");
    for writers in [1, 16] {
        throughput(&normal, "Synchronous::Normal", writers).await;
    }
    for writers in [1, 16] {
        throughput(&full, "Synchronous::Full", writers).await;
    }
    drop((normal, full, hand));

    let path = directory.path().join("size.db");
    let store = Sqlite::open(&path).await.unwrap();
    let runs = 10_000;
    fill(&store, &key(1), runs).await;
    store.close().await;
    let bytes = std::fs::metadata(&path).unwrap().len();
    println!(
        "size of a run with a body of {} bytes                   {:8} bytes",
        run().body.len(),
        bytes / runs
    );
}
