//! Reports the progress of a download on standard error, as a bar on a terminal and as an occasional line elsewhere.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// A download in progress.
#[derive(Debug)]
pub(super) struct Progress {
    label: String,
    total: u64,
    terminal: bool,
    /// The last reported percentage and the time of that report.
    reported: (u64, Instant),
}

impl Progress {
    pub(super) fn new(label: String, total: u64) -> Self {
        let progress = Self {
            label,
            total: total.max(1),
            terminal: stderr().is_terminal(),
            reported: (0, Instant::now()),
        };
        progress.report(0);
        progress
    }

    /// Updates the number of bytes received and reports it occasionally.
    pub(super) fn update(&mut self, bytes: u64) {
        let share = (bytes.min(self.total) * 100) / self.total;
        let due = if self.terminal {
            share != self.reported.0 && self.reported.1.elapsed() > Duration::from_millis(50)
        } else {
            share / 25 > self.reported.0 / 25
        };
        if due {
            self.report(share);
            self.reported = (share, Instant::now());
        }
    }

    /// Reports that the download is complete.
    pub(super) fn done(self) {
        if self.terminal || self.reported.0 < 100 {
            self.report(100);
        }
        if self.terminal {
            let _ = writeln!(stderr());
        }
    }

    fn report(&self, share: u64) {
        let Self { label, total, .. } = self;
        let megabytes = total / 1_000_000;
        let mut out = stderr().lock();
        // A failure to report progress must not stop the download.
        let _ = if self.terminal {
            let filled = usize::try_from(share * 3 / 10).unwrap_or(30);
            let bar = format!("{}{}", "#".repeat(filled), "-".repeat(30 - filled));
            write!(out, "\r{label} [{bar}] {share:3}% of {megabytes} MB").and_then(|()| out.flush())
        } else {
            writeln!(out, "{label}: {share}% of {megabytes} MB")
        };
    }
}
