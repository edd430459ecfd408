//! Measures the times and allocations of cases.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::{Case, Work, counter};

/// The exact allocations of one operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allocated {
    /// Number of allocations.
    pub count: f64,
    /// Number of bytes.
    pub bytes: f64,
}

/// Counts the allocations per operation of a case, from the difference between `n` and `2 * n` executions, which excludes
/// one-time allocations.
pub fn allocated(case: &Case) -> Allocated {
    let times = (100 / case.operations).max(1);
    let mut work = (case.prepare)();
    work.repeat(times);
    let mut measured = |times| counter::measure(|| work.repeat(times));
    let (few, many) = (measured(times), measured(2 * times));
    let per_operation = |few: u64, many: u64| (many as f64 - few as f64) / (times * case.operations) as f64;
    Allocated {
        count: per_operation(few.count, many.count),
        bytes: per_operation(few.bytes, many.bytes),
    }
}

/// Minimum time of a round. Reading the clock takes far less than a thousandth of this time.
const ROUND: Duration = Duration::from_millis(3);

/// Returns the median nanoseconds per operation for each case. Each round runs all cases in turn, so that other load on the
/// machine affects all of them.
pub fn nanoseconds(cases: &[&Case], rounds: usize) -> Vec<f64> {
    let mut works: Vec<(Work, u64)> = cases
        .iter()
        .map(|case| {
            let mut work = (case.prepare)();
            let times = times_per_round(&mut work);
            (work, times)
        })
        .collect();
    let mut samples = vec![Vec::with_capacity(rounds); cases.len()];
    for _ in 0..rounds {
        for ((work, times), samples) in works.iter_mut().zip(&mut samples) {
            samples.push(time(work, *times).as_secs_f64() * 1e9 / *times as f64);
        }
    }
    let medians = samples.into_iter().map(median);
    medians
        .zip(cases)
        .map(|(median, case)| median / case.operations as f64)
        .collect()
}

/// Returns the number of executions that fill a round.
fn times_per_round(work: &mut Work) -> u64 {
    let mut times = 1;
    while time(work, times) < ROUND && times < 1 << 40 {
        times *= 2;
    }
    times
}

fn time(work: &mut Work, times: u64) -> Duration {
    let started = thread_cpu_time();
    work.repeat(times);
    thread_cpu_time().saturating_sub(started)
}

/// Returns the CPU time of this thread. Measured code never waits, so on an idle machine, this equals the elapsed time; on a
/// busy machine, it excludes other processes.
pub fn thread_cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Returns the nanoseconds per read of the clock. Each run reads the clock twice.
pub fn clock_read(rounds: usize) -> f64 {
    let mut clock = Work::new(|| {
        black_box(Instant::now());
    });
    let times = times_per_round(&mut clock);
    median((0..rounds).map(|_| time(&mut clock, times).as_secs_f64() * 1e9 / times as f64))
}

/// Returns the median of `values`, or NaN if there are none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
