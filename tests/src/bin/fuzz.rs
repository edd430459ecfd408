//! Runs each fuzz target with mutated inputs from its corpus for a limited time. Unlike libFuzzer, this program works
//! with any compiler, but it does not track which code an input reaches.
//!
//! `cargo run -q -p agno-tests --bin fuzz -- [--seconds N] [--seed N] [--target NAME]`
//!
//! A finding is an input that causes a panic or runs for more than 10 s. The program stores the input of the first finding
//! in `target/fuzz` and fails.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a command-line program prints its result"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{fs, io, panic};

use agno_tests::fuzz::{TARGETS, Target};
use agno_tests::random::Random;

/// Maximum time for one input.
const MAX_TIME: Duration = Duration::from_secs(10);

/// Maximum size of a mutated input, in bytes.
const MAX_BYTES: usize = 64 << 10;

/// Tokens that parsers treat specially.
const TOKENS: [&str; 24] = [
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "18446744073709551616",
    "-9223372036854775809",
    "4294967296",
    "\"\"",
    "[]",
    "{}",
    "\\ud800",
    "\\u0000",
    "\n\n",
    "data: ",
    "[DONE]",
    "\"$ref\":\"#\"",
    "\"pattern\":\"(a|a)*\"",
    "\u{feff}",
    "{%",
    "{{ x }}",
    "Sun, 06 Nov 2094 08:49:37 GMT",
    "[[[[[[[[",
    "\"index\":4294967295",
];

fn main() -> ExitCode {
    let (mut seconds, mut seed, mut only) = (60, None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        match (name.as_str(), value.parse::<u64>()) {
            ("--seconds", Ok(number)) => seconds = number,
            ("--seed", Ok(number)) => seed = Some(number),
            ("--target", _) if TARGETS.iter().any(|(target, _)| *target == value) => only = Some(value),
            _ => {
                eprintln!(
                    "unknown option or value: `{name} {value}`; usage: fuzz [--seconds N] [--seed N] [--target NAME]"
                );
                return ExitCode::from(2);
            }
        }
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = seed.unwrap_or(now.subsec_nanos().into());
    println!("seed {seed}");
    // The panic message is suppressed, because this program reports each finding itself.
    panic::set_hook(Box::new(|_| {}));
    let selected: Vec<_> = TARGETS
        .into_iter()
        .filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name))
        .collect();
    let time = Duration::from_secs(seconds) / u32::try_from(selected.len()).unwrap_or(1);
    let mut random = Random::new(seed);
    for (name, target) in selected {
        match fuzz(name, target, time, &mut random) {
            Ok(runs) => println!("{name:20} {runs:>9} inputs"),
            Err(finding) => {
                eprintln!("{name}: {finding}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Runs a target with its corpus, then with mutated inputs until the time has elapsed. Returns the number of inputs.
fn fuzz(name: &str, target: Target, time: Duration, random: &mut Random) -> Result<u64, String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(name);
    let corpus = corpus(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    if corpus.is_empty() {
        return Err(format!("{} has no inputs", directory.display()));
    }
    let started = Instant::now();
    let mut runs = 0;
    for input in &corpus {
        run(name, target, input)?;
        runs += 1;
    }
    while started.elapsed() < time {
        run(name, target, &mutated(&corpus, random))?;
        runs += 1;
    }
    Ok(runs)
}

fn corpus(directory: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    paths.sort();
    paths.iter().map(fs::read).collect()
}

/// Runs a target with one input, and stores the input if it is a finding.
fn run(name: &str, target: Target, input: &[u8]) -> Result<(), String> {
    let started = Instant::now();
    let panicked = panic::catch_unwind(|| target(input)).is_err();
    let time = started.elapsed();
    if !panicked && time <= MAX_TIME {
        return Ok(());
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz");
    let path = directory.join(format!("{name}-{}", input.len()));
    let stored = fs::create_dir_all(&directory).and_then(|()| fs::write(&path, input));
    let location = stored.map_or_else(|error| error.to_string(), |()| path.display().to_string());
    let what = if panicked {
        "panicked".to_owned()
    } else {
        format!("took {time:?}")
    };
    Err(format!("an input of {} bytes {what}: {location}", input.len()))
}

/// Returns an input from the corpus with a few mutations.
fn mutated(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let pick = |random: &mut Random, length: usize| random.below(length as u64) as usize;
    let mut input = corpus[pick(random, corpus.len())].clone();
    for _ in 0..=random.below(6) {
        let at = pick(random, input.len() + 1);
        match random.below(7) {
            0 if at < input.len() => input[at] ^= 1 << random.below(8),
            1 if at < input.len() => input[at] = random.next() as u8,
            2 => input.insert(at, random.next() as u8),
            3 => {
                let end = (at + pick(random, 16)).min(input.len());
                input.drain(at..end);
            }
            4 => {
                let token = TOKENS[pick(random, TOKENS.len())].as_bytes();
                let end = (at + pick(random, token.len() + 1)).min(input.len());
                input.splice(at..end, token.iter().copied());
            }
            5 => {
                let other = &corpus[pick(random, corpus.len())];
                let from = pick(random, other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            _ => {
                let end = (at + pick(random, 64)).min(input.len());
                let repeated = input[at..end].repeat(1 + pick(random, 20));
                input.splice(at..at, repeated);
            }
        }
        input.truncate(MAX_BYTES);
    }
    input
}
