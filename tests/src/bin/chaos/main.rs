//! Chaos: many concurrent sessions against a loopback provider that fails at random, with every layer except hooks,
//! hostile tools, and runs that are cancelled, dropped and serialized at random points.
//!
//! `cargo run -q -p agno-tests --bin chaos -- [--seconds N] [--sessions N] [--seed N]`
//!
//! The program checks the following invariants, prints its counters and the seed, and fails at the first violation:
//!
//! - Each run ends, with an answer or with an error that contains the run. No panic escapes a run.
//! - Each request and each session is well-formed: it starts with a user message, each call has a result, and the IDs
//!   of the calls in a message are distinct.
//! - Each user turn is in its session exactly once, in order.
//! - A payment is made at most once, and only if it was approved.
//! - Serialization changes neither a run nor a session.
//! - The output tokens of a run are those of complete replies, with at most one reply per turn and per interruption.
//! - Memory and file descriptors are bounded.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a command-line program that stops at the first violation"
)]

mod agent;
mod figures;
mod provider;
mod session;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use agno_tests::quiet_tool_panics;
use agno_tests::random::Random;

use figures::Figures;
use provider::Provider;

/// Maximum resident memory, in MiB. The limit is generous: it detects growth, not waste.
const MAX_MEMORY: u64 = 1_500;

/// Maximum number of additional file descriptors, such as those of pooled connections, that may remain open after the last
/// session.
const MAX_DESCRIPTORS: usize = 600;

struct Options {
    seconds: u64,
    sessions: u64,
    seed: u64,
}

impl Options {
    fn parse() -> Result<Self, String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut options = Self {
            seconds: 60,
            sessions: 100,
            seed: now.as_nanos() as u64 % 1_000_000,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let number = arguments.next().and_then(|value| value.parse().ok());
            match (name.as_str(), number) {
                ("--seconds", Some(number)) => options.seconds = number,
                ("--sessions", Some(number)) => options.sessions = number,
                ("--seed", Some(number)) => options.seed = number,
                _ => return Err(format!("unknown option or missing number: `{name}`")),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    let options = match Options::parse() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}; usage: chaos [--seconds N] [--sessions N] [--seed N]");
            return ExitCode::from(2);
        }
    };
    quiet_tool_panics();
    println!("seed {}", options.seed);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the runtime starts");
    let figures = Arc::new(Figures::default());
    let outcome = runtime.block_on(rounds(&options, &figures));
    println!("{figures}");
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(violation) => {
            eprintln!("violation (seed {}): {violation}", options.seed);
            ExitCode::FAILURE
        }
    }
}

/// Runs rounds of concurrent sessions until the time has elapsed.
async fn rounds(options: &Options, figures: &Arc<Figures>) -> Result<(), String> {
    let started = Instant::now();
    let mut seeds = Random::new(options.seed);
    let descriptors = open_descriptors();
    let mut round = 0;
    while started.elapsed() < Duration::from_secs(options.seconds) {
        round += 1;
        let provider = Provider::start(seeds.next(), Arc::clone(figures)).await;
        let clerk = Arc::new(agent::clerk(&provider.url, Arc::clone(figures)));
        let tasks: Vec<_> = (0..options.sessions)
            .map(|number| {
                let random = Random::new(seeds.next());
                let (clerk, figures) = (Arc::clone(&clerk), Arc::clone(figures));
                tokio::spawn(async move { session::run(number, random, &clerk, &figures).await })
            })
            .collect();
        for task in tasks {
            let ended = tokio::time::timeout(Duration::from_secs(120), task).await;
            let Ok(joined) = ended else {
                return Err(format!("round {round}: a session did not end within 120 s"));
            };
            joined.map_err(|panic| format!("round {round}: a panic escaped a run: {panic}"))??;
        }
        if let Some(violation) = provider.violation() {
            return Err(format!("round {round}: {violation}"));
        }
        figures.rounds.fetch_add(1, Relaxed);
    }
    if let Some(memory) = figures::peak_memory()
        && memory > MAX_MEMORY
    {
        return Err(format!("the process used {memory} MiB, more than {MAX_MEMORY}"));
    }
    let left = open_descriptors().saturating_sub(descriptors);
    if left > MAX_DESCRIPTORS {
        return Err(format!("{left} file descriptors stayed open"));
    }
    Ok(())
}

/// Returns the number of open file descriptors, or 0 on systems without `/proc`.
fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}
