//! Throughput of several threads that share an agent or each have their own.

use std::fmt;
use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::time::Instant;

use agno::model::Model;
use agno::prelude::*;
use futures_util::FutureExt;

use crate::agents::{Bare, QUESTION, Static, dynamic_agent, unwrap_valid};
use crate::measure::{median, thread_cpu_time};
use crate::model::Mock;

/// The work of one thread.
pub struct Worker(Box<dyn FnMut(u64) + Send>);

impl Worker {
    fn new(mut once: impl FnMut() + Send + 'static) -> Self {
        Self(Box::new(move |times| (0..times).for_each(|_| once())))
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

/// An operation executed by several threads, in one form.
#[derive(Debug, Clone, Copy)]
pub struct Scaling {
    /// Name of the operation.
    pub name: &'static str,
    /// Form of the code, as in [`Case`](crate::Case).
    pub form: &'static str,
    /// Prepares the work of this many threads.
    pub prepare: fn(usize) -> Vec<Worker>,
}

const fn scaling(name: &'static str, form: &'static str, prepare: fn(usize) -> Vec<Worker>) -> Scaling {
    Scaling { name, form, prepare }
}

/// All scaling cases. The first two show the limits of the machine and the allocator, since nothing scales better than work
/// without shared state.
pub const SCALING: &[Scaling] = &[
    scaling("arithmetic alone", "machine", |threads| {
        let count = || {
            Worker::new(|| {
                let mut state = black_box(0x2545_f491_4f6c_dd1d_u64);
                for _ in 0..200 {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                }
                black_box(state);
            })
        };
        (0..threads).map(|_| count()).collect()
    }),
    scaling("two strings created and dropped", "machine", |threads| {
        let texts = || {
            Worker::new(|| {
                black_box((black_box(QUESTION).to_owned(), black_box("ok").to_owned()));
            })
        };
        (0..threads).map(|_| texts()).collect()
    }),
    scaling("create, one each", "static", |threads| {
        let create = || {
            Worker::new(|| {
                black_box(black_box(Static).with(black_box(&Mock::TEXT)));
            })
        };
        (0..threads).map(|_| create()).collect()
    }),
    scaling("create, one each", "dynamic", |threads| {
        let model = Mock::TEXT.erase();
        let create = |model: agno::DynModel| {
            Worker::new(move || {
                let _ = black_box(dynamic_agent(black_box(&model)));
            })
        };
        (0..threads).map(|_| create(model.clone())).collect()
    }),
    scaling("run, one shared", "static", |threads| {
        shared(Bare.with(Mock::TEXT), threads)
    }),
    scaling("run, one each", "static", |threads| {
        one_each(|| Bare.with(Mock::TEXT), threads)
    }),
    scaling("run with a call, one shared", "static", |threads| {
        shared(Static.with(Mock::ONE_CALL), threads)
    }),
    scaling("run with a call, one each", "static", |threads| {
        one_each(|| Static.with(Mock::ONE_CALL), threads)
    }),
    scaling("run with a call, one shared", "dynamic", |threads| {
        shared(unwrap_valid(dynamic_agent(&Mock::ONE_CALL.erase())), threads)
    }),
    scaling("run with a call, one each", "dynamic", |threads| {
        one_each(|| unwrap_valid(dynamic_agent(&Mock::ONE_CALL.erase())), threads)
    }),
];

fn shared<D, M>(agent: Agent<D, M>, threads: usize) -> Vec<Worker>
where
    D: Declared + 'static,
    M: Model + 'static,
{
    let agent = Arc::new(agent);
    (0..threads).map(|_| runs(Arc::clone(&agent))).collect()
}

fn one_each<D, M>(make: fn() -> Agent<D, M>, threads: usize) -> Vec<Worker>
where
    D: Declared + 'static,
    M: Model + 'static,
{
    (0..threads).map(|_| runs(Arc::new(make()))).collect()
}

fn runs<D: Declared + 'static, M: Model + 'static>(agent: Arc<Agent<D, M>>) -> Worker {
    Worker::new(move || {
        let answer = agent.run(black_box(QUESTION)).now_or_never();
        assert!(
            matches!(black_box(answer), Some(Ok(_))),
            "the run returned no answer"
        );
    })
}

/// Throughput with a fixed number of threads.
#[derive(Debug, Clone, Copy)]
pub struct Throughput {
    /// Executions per second, summed over all threads.
    pub per_second: f64,
    /// CPU nanoseconds per execution. They reveal contention even on a busy machine, unless threads sleep while they wait.
    pub core_ns: f64,
}

/// Measures the throughput with each number of threads up to `max_threads`, as the median of the rounds. Each round measures
/// all thread counts, so that other load on the machine affects all of them.
pub fn throughput(case: &Scaling, max_threads: usize, times: u64, rounds: usize) -> Vec<Throughput> {
    let mut samples = vec![Vec::with_capacity(rounds); max_threads];
    for _ in 0..rounds {
        for (index, samples) in samples.iter_mut().enumerate() {
            samples.push(run_workers((case.prepare)(index + 1), times));
        }
    }
    let medians = samples.iter().map(|rounds| Throughput {
        per_second: median(rounds.iter().map(|round| round.per_second)),
        core_ns: median(rounds.iter().map(|round| round.core_ns)),
    });
    medians.collect()
}

/// Runs the workers in parallel and measures the time from the first start to the last finish.
fn run_workers(workers: Vec<Worker>, times: u64) -> Throughput {
    let all = (workers.len() as u64 * times) as f64;
    let start = Arc::new(Barrier::new(workers.len()));
    let threads: Vec<_> = workers
        .into_iter()
        .map(|Worker(mut work)| {
            let start = Arc::clone(&start);
            std::thread::spawn(move || {
                // Warms up and creates the thread-local state.
                work(times / 10);
                start.wait();
                let (began, core) = (Instant::now(), thread_cpu_time());
                work(times);
                (began, Instant::now(), thread_cpu_time().saturating_sub(core))
            })
        })
        .collect();
    let spans = threads.into_iter().filter_map(|thread| thread.join().ok());
    let span = spans.reduce(|first, other| (first.0.min(other.0), first.1.max(other.1), first.2 + other.2));
    span.map_or(
        Throughput {
            per_second: 0.0,
            core_ns: f64::NAN,
        },
        |(began, ended, core)| Throughput {
            per_second: all / ended.duration_since(began).as_secs_f64(),
            core_ns: core.as_secs_f64() * 1e9 / all,
        },
    )
}
