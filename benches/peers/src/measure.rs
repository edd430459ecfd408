//! Times and allocations of cases, turn by turn, so that what disturbs the machine for a while disturbs them all.

use std::time::Duration;

use tokio::runtime::Runtime;

use crate::case::{Case, Outcome};

/// How long it may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    rounds: usize,
    /// How long each turn of each case is at least.
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

/// What doing a case once costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The median of the rounds.
    pub(crate) ns: f64,
    pub(crate) allocations: u64,
    pub(crate) bytes: u64,
}

/// Measures these cases side by side.
pub(crate) fn all(cases: &[(&str, Case)], effort: Effort) -> Outcome<Vec<Row>> {
    // One runtime of one thread for all, which each of them may spawn on.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut times = Vec::new();
    for (peer, case) in cases {
        let name = case.name;
        times.push(enough(&runtime, *case, effort).map_err(|error| format!("{name} of {peer}: {error}"))?);
    }
    let mut measured = vec![Vec::with_capacity(effort.rounds); cases.len()];
    for _ in 0..effort.rounds {
        for (((_, case), times), measured) in cases.iter().zip(&times).zip(&mut measured) {
            let taken = runtime.block_on((case.work)(*times))?;
            measured.push(taken.as_secs_f64() * 1e9 / *times as f64);
        }
    }
    let rows = cases.iter().zip(measured).map(|((_, case), ns)| {
        let (allocations, bytes) = allocations(&runtime, *case)?;
        Ok(Row {
            ns: median(ns),
            allocations,
            bytes,
        })
    });
    rows.collect()
}

/// How many times fill a turn. Warms up on the way.
fn enough(runtime: &Runtime, case: Case, effort: Effort) -> Outcome<u64> {
    let mut times = 16;
    while runtime.block_on((case.work)(times))? < effort.turn && times < 1 << 40 {
        times *= 2;
    }
    Ok(times)
}

/// Allocations and bytes of doing a case once. The difference of two numbers of times, so that setting up is not in it.
fn allocations(runtime: &Runtime, case: Case) -> Outcome<(u64, u64)> {
    let of = |times| {
        let mut outcome = Ok(Duration::ZERO);
        let info = crate::counter::measure(|| outcome = runtime.block_on((case.work)(times)));
        outcome.map(|_| info)
    };
    let (few, many) = (of(1000)?, of(2000)?);
    // Rounded: what grows by doubling is not the same in each thousand.
    let each = |few: u64, many: u64| (many.saturating_sub(few) + 500) / 1000;
    Ok((
        each(few.count, many.count),
        each(few.bytes, many.bytes),
    ))
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f64::NAN)
}
