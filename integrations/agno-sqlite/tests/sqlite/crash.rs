//! Tests with a process that is killed. The test program starts itself: a test whose environment has [`ROLE`] runs the body of
//! the process that is killed.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use agno::store::{Append, Need, SessionKey, SessionStore, StoreErrorKind, Version};
use agno_sqlite::Sqlite;

use crate::support::{Directory, GatedClock, ManualClock, append, entry, key, texts};

/// The variable with the path of the database.
const ROLE: &str = "AGNO_SQLITE_CRASH";

/// Runs the body of the process if this is one.
fn is_child(body: impl AsyncFnOnce(PathBuf)) -> bool {
    let Some(path) = std::env::var_os(ROLE) else {
        return false;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(body(path.into()));
    true
}

/// A process that runs a test of this program.
struct Process {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Process {
    fn start(test: &str, directory: &Directory) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env(ROLE, directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// Waits for a line, and returns its text after the mark.
    fn wait_for(&mut self, mark: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "the process ended");
            if let Some(rest) = line.strip_prefix(mark) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Kills the process, and returns its remaining output.
    fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        rest
    }
}

fn session(number: usize) -> SessionKey {
    key("user-17", &format!("s-{number}"))
}

async fn park() {
    std::future::pending::<()>().await;
}

#[test]
fn acknowledged_entries_survive_kills_and_nothing_is_half_there() {
    if is_child(append_until_killed) {
        return;
    }
    let directory = Directory::new();
    let mut acknowledged: HashMap<usize, u64> = HashMap::new();
    for kill in 0..10 {
        let test = "crash::acknowledged_entries_survive_kills_and_nothing_is_half_there";
        let mut process = Process::start(test, &directory);
        let mut acknowledge = |line: &str| {
            let (number, version) = line.split_once(' ').unwrap();
            let newest = acknowledged.entry(number.parse().unwrap()).or_default();
            *newest = (*newest).max(version.parse().unwrap());
        };
        for _ in 0..1 + kill * kill * 3 {
            acknowledge(&process.wait_for("ACK "));
        }
        let rest = process.kill();
        // The last line can be incomplete.
        let lines = rest.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        lines
            .filter_map(|line| line.trim().strip_prefix("ACK "))
            .for_each(acknowledge);
        check(&directory, &acknowledged);
    }
    assert!(acknowledged.values().sum::<u64>() > 100);
}

/// Appends to four sessions at once, and reports each version.
async fn append_until_killed(path: PathBuf) {
    let store = Sqlite::open(path).await.unwrap();
    let append_all = async |number: usize| {
        let key = session(number);
        let mut version = store.open(&key, Need::HEAD).await.unwrap().version.number();
        loop {
            // Some entries need several pages.
            let text = format!("Entry {number} {} ", version + 1).repeat(1 + version as usize % 7 * 100);
            version = append(&store, &key, version, &text).await.number();
            println!("\nACK {number} {version}");
        }
    };
    tokio::join!(append_all(0), append_all(1), append_all(2), append_all(3));
}

/// Checks that the file is valid and contains all acknowledged entries.
fn check(directory: &Directory, acknowledged: &HashMap<usize, u64>) {
    let connection = directory.connect();
    let integrity: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(integrity, "ok");
    let owned: (i64, i64) = connection
        .query_row("SELECT sessions, bytes FROM owners", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let stored = connection
        .query_row(
            "SELECT count(DISTINCT session), sum(bytes) FROM entries",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(owned, stored);

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Sqlite::options()
            .busy_timeout(Duration::ZERO)
            .open(directory.path())
            .await
            .unwrap();
        for number in 0..4 {
            let opened = store.open(&session(number), Need::ALL).await.unwrap();
            let newest = acknowledged.get(&number).copied().unwrap_or_default();
            assert!(opened.version.number() >= newest);
            let versions: Vec<u64> = opened
                .entries
                .iter()
                .map(|stored| stored.version.number())
                .collect();
            assert_eq!(versions, (1..=opened.version.number()).collect::<Vec<_>>());
            for (version, text) in (1..).zip(texts(&opened)) {
                assert!(text.starts_with(&format!("Entry {number} {version} ")));
            }
        }
        store.close().await;
    });
}

#[test]
fn a_kill_within_a_transaction_leaves_nothing_and_no_lock() {
    if is_child(stop_within_a_transaction) {
        return;
    }
    let directory = Directory::new();
    let test = "crash::a_kill_within_a_transaction_leaves_nothing_and_no_lock";
    let mut process = Process::start(test, &directory);
    process.wait_for("STOPPED");
    process.kill();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Sqlite::options()
            .busy_timeout(Duration::ZERO)
            .open(directory.path())
            .await
            .unwrap();
        for number in 0..2 {
            assert!(!store.open(&session(number), Need::ALL).await.unwrap().exists());
            append(&store, &session(number), 0, "First").await;
        }
        // The transaction of the lease was committed before.
        let error = store
            .lease(&session(2), Duration::ZERO)
            .await
            .map(|_| ())
            .map_err(|error| error.kind());
        assert_eq!(error, Ok(()));
    });
}

/// Stops when one of two appends in a transaction is done.
async fn stop_within_a_transaction(path: PathBuf) {
    let clock = GatedClock::default();
    let stopped = clock.clone();
    let clock = clock.on_third_call(|| {
        println!("\nSTOPPED");
        loop {
            std::thread::park();
        }
    });
    let store = Sqlite::options().clock(clock).open(path).await.unwrap();
    let keys = [session(0), session(1), session(2)];
    let at = Append::at(Version::NEW);
    let _ = tokio::join!(
        store.lease(&keys[2], Duration::from_secs(60)),
        store.append(&keys[0], at, entry("First")),
        store.append(&keys[1], at, entry("First")),
        // The others are polled first, so all of them wait for the thread.
        async { stopped.open() },
    );
}

#[test]
fn the_lease_of_a_killed_process_expires() {
    let minute = Duration::from_secs(60);
    let take = async |path: PathBuf| {
        let store = Sqlite::options()
            .clock(ManualClock::new(1_000))
            .open(path)
            .await
            .unwrap();
        store.lease(&session(0), minute).await.unwrap();
        println!("\nLEASED");
        park().await;
    };
    if is_child(take) {
        return;
    }
    let directory = Directory::new();
    let mut process = Process::start("crash::the_lease_of_a_killed_process_expires", &directory);
    process.wait_for("LEASED");
    process.kill();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let clock = ManualClock::new(60_999);
        let store = Sqlite::options()
            .clock(clock.clone())
            .open(directory.path())
            .await
            .unwrap();
        let at = Append::at(Version::NEW);
        let error = store.append(&session(0), at, entry("First")).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Leased);
        clock.set(61_000);
        let lease = store.lease(&session(0), minute).await.unwrap();
        store
            .append(&session(0), at.with_lease(lease.token), entry("First"))
            .await
            .unwrap();
    });
}

#[test]
fn a_kill_within_an_erasure_leaves_the_other_owners() {
    if is_child(erase_until_killed) {
        return;
    }
    let directory = Directory::new();
    for kill in 0..5 {
        let test = "crash::a_kill_within_an_erasure_leaves_the_other_owners";
        let mut process = Process::start(test, &directory);
        for _ in 0..=kill {
            process.wait_for("ERASING");
        }
        process.kill();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let store = Sqlite::options()
                .busy_timeout(Duration::ZERO)
                .open(directory.path())
                .await
                .unwrap();
            let opened = store.open(&session(0), Need::ALL).await.unwrap();
            assert_eq!(texts(&opened), ["Stays"]);
            let erased = key("canary", "s-1");
            let opened = store.open(&erased, Need::ALL).await.unwrap();
            // All or none of the entries are there.
            assert_eq!(opened.version.number(), opened.entries.len() as u64);
            store.erase(erased.owner()).await.unwrap();
            store.close().await;
        });
        let connection = directory.connect();
        let integrity: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(integrity, "ok");
        drop(connection);
        assert!(!directory.contains("canary"));
    }
}

async fn erase_until_killed(path: PathBuf) {
    let store = Sqlite::open(path).await.unwrap();
    if !store.open(&session(0), Need::HEAD).await.unwrap().exists() {
        append(&store, &session(0), 0, "Stays").await;
    }
    let erased = key("canary", "s-1");
    loop {
        for version in 0..20 {
            append(&store, &erased, version, &"canary ".repeat(2_000)).await;
        }
        println!("\nERASING");
        store.erase(erased.owner()).await.unwrap();
    }
}
