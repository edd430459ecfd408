//! Measures the times and allocations of cases. Each round measures all cases, so that other load on the machine
//! affects all of them equally.

use std::time::Duration;

use tokio::runtime::Runtime;

use crate::case::{Case, Outcome};

/// The number of rounds and the minimum duration of each case per round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    rounds: usize,
    /// Minimum duration of each case per round.
    turn: Duration,
}

impl Effort {
    pub(crate) const SHORT: Self = Self {
        rounds: 9,
        turn: Duration::from_millis(4),
    };
    pub(crate) const FULL: Self = Self {
        rounds: 31,
        turn: Duration::from_millis(20),
    };
}

/// The cost of one execution of a case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// Median of the rounds, in nanoseconds.
    pub(crate) ns: f64,
    pub(crate) allocations: u64,
    pub(crate) bytes: u64,
}

/// Measures these cases, alternating between them.
pub(crate) fn all(cases: &[(&str, Case)], effort: Effort) -> Outcome<Vec<Row>> {
    // All cases share one single-threaded runtime, on which they may spawn tasks.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut times = Vec::new();
    for (peer, case) in cases {
        let name = case.name;
        times.push(
            times_per_turn(&runtime, *case, effort).map_err(|error| format!("{name} in {peer}: {error}"))?,
        );
    }
    let mut samples = vec![Vec::with_capacity(effort.rounds); cases.len()];
    for _ in 0..effort.rounds {
        for (((_, case), times), samples) in cases.iter().zip(&times).zip(&mut samples) {
            let time = runtime.block_on((case.work)(*times))?;
            samples.push(time.as_secs_f64() * 1e9 / *times as f64);
        }
    }
    let rows = cases.iter().zip(samples).map(|((_, case), ns)| {
        let (allocations, bytes) = allocations(&runtime, *case)?;
        Ok(Row {
            ns: median(ns),
            allocations,
            bytes,
        })
    });
    rows.collect()
}

/// Warms up the case, and returns a number of executions that together last at least the minimum duration.
fn times_per_turn(runtime: &Runtime, case: Case, effort: Effort) -> Outcome<u64> {
    let mut times = 16;
    while runtime.block_on((case.work)(times))? < effort.turn && times < 1 << 40 {
        times *= 2;
    }
    Ok(times)
}

/// Returns the allocations and bytes per execution. They are computed from the difference between 1000 and 2000
/// executions, which excludes the setup.
fn allocations(runtime: &Runtime, case: Case) -> Outcome<(u64, u64)> {
    let count = |times| {
        let mut outcome = Ok(Duration::ZERO);
        let info = crate::counter::measure(|| outcome = runtime.block_on((case.work)(times)));
        outcome.map(|_| info)
    };
    let (few, many) = (count(1000)?, count(2000)?);
    // The quotient is rounded, because collections that grow by doubling allocate unevenly.
    let each = |few: u64, many: u64| (many.saturating_sub(few) + 500) / 1000;
    Ok((each(few.count, many.count), each(few.bytes, many.bytes)))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
