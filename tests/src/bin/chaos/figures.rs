//! Event counters, printed at the end of the program.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// The counters of one execution of the program.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) rounds: AtomicU64,
    pub(crate) sessions: AtomicU64,
    pub(crate) user_turns: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) answers: AtomicU64,
    pub(crate) resumed_answers: AtomicU64,
    pub(crate) cancelled: AtomicU64,
    pub(crate) dropped: AtomicU64,
    pub(crate) payments: AtomicU64,
    pub(crate) serialized: AtomicU64,
    faults: Mutex<BTreeMap<&'static str, u64>>,
    errors: Mutex<BTreeMap<&'static str, u64>>,
}

impl Figures {
    /// Counts a fault of the provider.
    pub(crate) fn fault(&self, name: &'static str) {
        *self.faults.lock().unwrap().entry(name).or_default() += 1;
    }

    /// Counts an error of a run.
    pub(crate) fn error(&self, kind: &'static str) {
        *self.errors.lock().unwrap().entry(kind).or_default() += 1;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, counter) in [
            ("rounds", &self.rounds),
            ("sessions", &self.sessions),
            ("user turns", &self.user_turns),
            ("HTTP requests", &self.requests),
            ("answers", &self.answers),
            ("answers of resumed runs", &self.resumed_answers),
            ("runs cancelled", &self.cancelled),
            ("runs dropped", &self.dropped),
            ("payments", &self.payments),
            ("runs and sessions serialized", &self.serialized),
        ] {
            writeln!(f, "{name:30} {:>9}", counter.load(Relaxed))?;
        }
        for (title, counts) in [("fault", &self.faults), ("error", &self.errors)] {
            for (name, count) in &*counts.lock().unwrap() {
                writeln!(f, "{:30} {count:>9}", format!("{title}: {name}"))?;
            }
        }
        match peak_memory() {
            Some(memory) => write!(f, "{:30} {memory:>5} MiB", "peak memory"),
            None => write!(f, "peak memory                    unknown"),
        }
    }
}

/// Returns the peak resident memory of this process in MiB, or `None` on systems without `/proc`.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse().ok()?;
    Some(kilobytes / 1024)
}
