//! The store in memory defines the semantics: the same pseudo-random operations have the same results in both.

use std::fmt::Debug;
use std::time::{Duration, UNIX_EPOCH};

use agno::model::Usage;
use agno::run::RunId;
use agno::session::Owner;
use agno::store::{
    Append, Entry, LeaseToken, MemoryStore, Need, Page, Result, Retention, SessionKey, SessionStore,
    StoreLimits, Summary, Version,
};
use agno_sqlite::Sqlite;

use crate::support::{Directory, ManualClock, entry};

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Compares two results, and the kinds and texts of errors.
fn same<T: PartialEq + Debug>(operation: &str, memory: Result<T>, sqlite: Result<T>) -> Option<T> {
    match (memory, sqlite) {
        (Ok(memory), Ok(sqlite)) => {
            assert_eq!(sqlite, memory, "{operation}");
            Some(sqlite)
        }
        (Err(memory), Err(sqlite)) => {
            assert_eq!(sqlite.to_string(), memory.to_string(), "{operation}");
            assert_eq!(sqlite.kind(), memory.kind(), "{operation}");
            assert_eq!(sqlite.current_version(), memory.current_version(), "{operation}");
            assert_eq!(sqlite.entry(), memory.entry(), "{operation}");
            None
        }
        (memory, sqlite) => panic!("{operation}: {memory:?} in memory, {sqlite:?} in SQLite"),
    }
}

fn new_entry(random: &mut Random, runs: &[RunId]) -> Entry {
    let text = ["Alpha", "beta \u{c4}", "GAMMA", ""][random.below(4) as usize];
    let mut entry = entry(&text.repeat(random.below(20) as usize + 1));
    entry.messages = random.below(4) as u32;
    entry.usage = Usage::new(random.below(100), random.below(3));
    if random.below(3) == 0 {
        entry.state = Some(format!("{}", random.below(9)).into_bytes().into());
    }
    if random.below(2) == 0 {
        entry.run = Some(runs[random.below(runs.len() as u64) as usize]);
        entry.agent = "Assistant".to_owned();
    }
    entry
}

fn new_need(random: &mut Random) -> Need {
    match random.below(4) {
        0 => Need::ALL,
        1 => Need::HEAD,
        2 => Need::window(agno::session::Window::tokens(random.below(60) as usize)),
        _ => Need::messages(random.below(12)),
    }
}

async fn compare(seed: u64, memory: &MemoryStore, sqlite: &Sqlite, clock: &ManualClock) {
    let mut random = Random(seed);
    let runs: Vec<RunId> = (0..6).map(|_| RunId::new()).collect();
    let owners = [
        Owner::shared(),
        Owner::new("user-17").unwrap(),
        Owner::new("(shared)").unwrap(),
    ];
    let mut now = 1_000_000_u64;
    let mut appended: Vec<Entry> = Vec::new();
    // The tokens of a lease in both stores.
    let mut tokens: Vec<(LeaseToken, LeaseToken)> = Vec::new();
    for step in 0..1_500 {
        // Now and then, the clock goes backward.
        now = if random.below(10) == 0 {
            now - random.below(500)
        } else {
            now + random.below(300)
        };
        clock.set(now);
        let owner = &owners[random.below(3) as usize];
        let key = SessionKey::new(owner, format!("s-{}", random.below(4))).unwrap();
        let version = memory.open(&key, Need::HEAD).await.unwrap().version;
        let token = match random.below(3) {
            0 if !tokens.is_empty() => Some(tokens[random.below(tokens.len() as u64) as usize]),
            1 => tokens.last().copied(),
            _ => None,
        };
        let duration = Duration::from_millis(random.below(2_000));
        let operation = random.below(40);
        let name = format!("seed {seed}, step {step}, operation {operation}");
        match operation {
            0..16 => {
                let entry = match random.below(10) {
                    0 if !appended.is_empty() => {
                        appended[random.below(appended.len() as u64) as usize].clone()
                    }
                    _ => new_entry(&mut random, &runs),
                };
                let at = Append::at(match random.below(8) {
                    0 => Version::from_number(random.below(20)),
                    1 => Version::from_number(u64::MAX),
                    _ => version,
                });
                let (left, right) = match token {
                    Some((left, right)) if random.below(2) == 0 => {
                        (at.with_lease(left), at.with_lease(right))
                    }
                    _ => (at, at),
                };
                let memory = memory.append(&key, left, entry.clone()).await;
                let sqlite = sqlite.append(&key, right, entry.clone()).await;
                same(&name, memory, sqlite);
                appended.push(entry);
            }
            16..19 => {
                let through = Version::from_number(random.below(version.number() + 3).max(1));
                let text = "Summary ".repeat(random.below(5) as usize + 1);
                let summary = Summary::new(through, text)
                    .unwrap()
                    .with_usage(Usage::new(random.below(9), 1));
                let memory = memory.summarize(&key, summary.clone()).await;
                same(&name, memory, sqlite.summarize(&key, summary).await);
            }
            19..22 => {
                let through = Version::from_number(random.below(version.number() + 2));
                let id = ["", "s-0", "s-1", "fork-0", "fork-1"][random.below(5) as usize];
                same(
                    &name,
                    memory.fork(&key, through, id).await,
                    sqlite.fork(&key, through, id).await,
                );
            }
            22..24 => {
                let title = [None, Some("A TITLE"), Some("\u{0}")][random.below(3) as usize];
                same(
                    &name,
                    memory.rename(&key, title).await,
                    sqlite.rename(&key, title).await,
                );
            }
            24 => {
                same(&name, memory.delete(&key).await, sqlite.delete(&key).await);
            }
            25 if random.below(4) == 0 => {
                same(&name, memory.erase(owner).await, sqlite.erase(owner).await);
            }
            26..28 => {
                let mut retention = Retention::newest(random.below(8));
                if random.below(2) == 0 {
                    retention =
                        retention.or_since(UNIX_EPOCH + Duration::from_millis(now - random.below(3_000)));
                }
                same(
                    &name,
                    memory.prune(owner, retention).await,
                    sqlite.prune(owner, retention).await,
                );
            }
            28..30 => {
                let leases = (
                    memory.lease(&key, duration).await,
                    sqlite.lease(&key, duration).await,
                );
                if let (Ok(left), Ok(right)) = &leases {
                    tokens.push((left.token, right.token));
                }
                same(
                    &name,
                    leases.0.map(|lease| lease.expires),
                    leases.1.map(|lease| lease.expires),
                );
            }
            30 => {
                let Some((left, right)) = token else { continue };
                let memory = memory
                    .renew(&key, left, duration)
                    .await
                    .map(|lease| lease.expires);
                same(
                    &name,
                    memory,
                    sqlite
                        .renew(&key, right, duration)
                        .await
                        .map(|lease| lease.expires),
                );
            }
            31 => {
                let Some((left, right)) = token else { continue };
                same(
                    &name,
                    memory.release(&key, left).await,
                    sqlite.release(&key, right).await,
                );
            }
            _ => {
                let mut page = Page::first(random.below(4) as u32);
                loop {
                    let text = ["ALPHA", "\u{e4}", "a title", "user", ""][random.below(5) as usize];
                    let found = memory.search(owner, text, page).await;
                    same(&name, found, sqlite.search(owner, text, page).await);
                    let listed = same(
                        &name,
                        memory.list(owner, page).await,
                        sqlite.list(owner, page).await,
                    );
                    match listed.unwrap().next {
                        Some(next) => page = page.after(next),
                        None => break,
                    }
                }
            }
        }
        let need = new_need(&mut random);
        same(
            &name,
            memory.open(&key, need).await,
            sqlite.open(&key, need).await,
        );
    }
}

#[tokio::test]
async fn a_file_has_the_semantics_of_the_store_in_memory() {
    let limits = StoreLimits::DEFAULT
        .with_max_sessions(4)
        .with_max_bytes(6_000)
        .with_max_entry_bytes(500);
    for (seed, limits) in [(1, StoreLimits::DEFAULT), (2, limits), (3, limits)] {
        let directory = Directory::new();
        let clock = ManualClock::new(0);
        let memory = MemoryStore::new().with_clock(clock.clone()).with_limits(limits);
        let sqlite = Sqlite::options()
            .clock(clock.clone())
            .limits(limits)
            .open(directory.path())
            .await
            .unwrap();
        compare(seed, &memory, &sqlite, &clock).await;
    }
}

#[tokio::test]
async fn a_database_in_memory_has_the_semantics_of_the_store_in_memory() {
    let clock = ManualClock::new(0);
    let memory = MemoryStore::new().with_clock(clock.clone());
    let sqlite = Sqlite::options().clock(clock.clone()).in_memory().await.unwrap();
    compare(4, &memory, &sqlite, &clock).await;
}
