//! Time and allocations of the cases.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::{Case, Work, counter};

/// What doing something once allocates, exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allocated {
    /// How often.
    pub count: f64,
    /// How much.
    pub bytes: f64,
}

/// Counts what a case allocates: the difference between doing it often and twice as often, so that what is made once is not
/// in it.
pub fn allocated(case: &Case) -> Allocated {
    let times = (100 / case.each).max(1);
    let mut work = (case.prepare)();
    work.repeat(times);
    let mut of = |times| counter::measure(|| work.repeat(times));
    let (few, many) = (of(times), of(2 * times));
    let each = |few: u64, many: u64| (many as f64 - few as f64) / (times * case.each) as f64;
    Allocated {
        count: each(few.count, many.count),
        bytes: each(few.bytes, many.bytes),
    }
}

/// How long one round of a case takes, at least. Reading that clock is far below a thousandth of it.
const ROUND: Duration = Duration::from_millis(3);

/// Nanoseconds of each of these cases: the median of so many rounds. In each round they come one after another, so that what
/// else the machine does falls on all of them.
pub fn nanoseconds(cases: &[&Case], rounds: usize) -> Vec<f64> {
    let mut works: Vec<(Work, u64)> = cases
        .iter()
        .map(|case| {
            let mut work = (case.prepare)();
            let times = times_of(&mut work);
            (work, times)
        })
        .collect();
    let mut taken = vec![Vec::with_capacity(rounds); cases.len()];
    for _ in 0..rounds {
        for ((work, times), taken) in works.iter_mut().zip(&mut taken) {
            taken.push(time(work, *times).as_secs_f64() * 1e9 / *times as f64);
        }
    }
    let medians = taken.into_iter().map(median);
    medians
        .zip(cases)
        .map(|(median, case)| median / case.each as f64)
        .collect()
}

/// How often work has to be done to fill a round.
fn times_of(work: &mut Work) -> u64 {
    let mut times = 1;
    while time(work, times) < ROUND && times < 1 << 40 {
        times *= 2;
    }
    times
}

fn time(work: &mut Work, times: u64) -> Duration {
    let started = on_core();
    work.repeat(times);
    on_core().saturating_sub(started)
}

/// The time this thread was on a core. Nothing that is measured waits, so on a quiet machine that is the time it took; on a busy
/// one it leaves out what others did in between.
pub fn on_core() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Nanoseconds of reading the clock that a run reads twice.
pub fn clock_read(rounds: usize) -> f64 {
    let mut clock = Work::of(|| {
        black_box(Instant::now());
    });
    let times = times_of(&mut clock);
    median((0..rounds).map(|_| time(&mut clock, times).as_secs_f64() * 1e9 / times as f64))
}

/// The middle one.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
