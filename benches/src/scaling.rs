//! The same work from several threads at once: on one agent that they share, and on one for each.

use std::fmt;
use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::time::Instant;

use agno::model::Model;
use agno::prelude::*;
use futures_util::FutureExt;

use crate::agents::{Bare, QUESTION, Static, dynamic_agent, right};
use crate::measure::{median, on_core};
use crate::model::Mock;

/// The work of one thread.
pub struct Worker(Box<dyn FnMut(u64) + Send>);

impl Worker {
    fn of(mut once: impl FnMut() + Send + 'static) -> Self {
        Self(Box::new(move |times| (0..times).for_each(|_| once())))
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

/// Something that is done by several threads, in one form.
#[derive(Debug, Clone, Copy)]
pub struct Scaling {
    /// What is done.
    pub name: &'static str,
    /// As in [`Case`](crate::Case).
    pub form: &'static str,
    /// Makes ready so many threads' work.
    pub prepare: fn(usize) -> Vec<Worker>,
}

const fn scaling(name: &'static str, form: &'static str, prepare: fn(usize) -> Vec<Worker>) -> Scaling {
    Scaling { name, form, prepare }
}

/// Everything that is measured. The first two are what the machine and the allocator allow: nothing scales better than work
/// that shares nothing at all.
pub const SCALING: &[Scaling] = &[
    scaling("arithmetic alone", "machine", |threads| {
        let count = || {
            Worker::of(|| {
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
    scaling("two texts made and dropped", "machine", |threads| {
        let texts = || {
            Worker::of(|| {
                black_box((black_box(QUESTION).to_owned(), black_box("ok").to_owned()));
            })
        };
        (0..threads).map(|_| texts()).collect()
    }),
    scaling("create, one each", "static", |threads| {
        let create = || {
            Worker::of(|| {
                black_box(black_box(Static).with(black_box(&Mock::TEXT)));
            })
        };
        (0..threads).map(|_| create()).collect()
    }),
    scaling("create, one each", "dynamic", |threads| {
        let model = Mock::TEXT.erase();
        let create = |model: agno::DynModel| {
            Worker::of(move || {
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
        shared(right(dynamic_agent(&Mock::ONE_CALL.erase())), threads)
    }),
    scaling("run with a call, one each", "dynamic", |threads| {
        one_each(|| right(dynamic_agent(&Mock::ONE_CALL.erase())), threads)
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
    Worker::of(move || {
        let answer = agent.run(black_box(QUESTION)).now_or_never();
        assert!(matches!(black_box(answer), Some(Ok(_))), "the run has no answer");
    })
}

/// What so many threads reached.
#[derive(Debug, Clone, Copy)]
pub struct Reached {
    /// How often a second all of them together did the work.
    pub per_second: f64,
    /// Nanoseconds of a core for doing it once. It tells on a busy machine too whether threads stand in each other's way, as
    /// long as they do not sleep over it.
    pub core_ns: f64,
}

/// What each number of threads up to `most` reaches, one after another in each round, so that what else the machine does falls
/// on all of them. Medians of the rounds.
pub fn throughput(case: &Scaling, most: usize, times: u64, rounds: usize) -> Vec<Reached> {
    let mut reached = vec![Vec::with_capacity(rounds); most];
    for _ in 0..rounds {
        for (before, reached) in reached.iter_mut().enumerate() {
            reached.push(reach((case.prepare)(before + 1), times));
        }
    }
    let middle = reached.iter().map(|rounds| Reached {
        per_second: median(rounds.iter().map(|round| round.per_second)),
        core_ns: median(rounds.iter().map(|round| round.core_ns)),
    });
    middle.collect()
}

/// Lets these threads do their work, from the first start to the last end.
fn reach(workers: Vec<Worker>, times: u64) -> Reached {
    let all = (workers.len() as u64 * times) as f64;
    let start = Arc::new(Barrier::new(workers.len()));
    let threads: Vec<_> = workers
        .into_iter()
        .map(|Worker(mut work)| {
            let start = Arc::clone(&start);
            std::thread::spawn(move || {
                // Warm, each thread's own state made.
                work(times / 10);
                start.wait();
                let (began, core) = (Instant::now(), on_core());
                work(times);
                (began, Instant::now(), on_core().saturating_sub(core))
            })
        })
        .collect();
    let spans = threads.into_iter().filter_map(|thread| thread.join().ok());
    let span = spans.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1), one.2 + other.2));
    span.map_or(
        Reached {
            per_second: 0.0,
            core_ns: f64::NAN,
        },
        |(began, ended, core)| Reached {
            per_second: all / ended.duration_since(began).as_secs_f64(),
            core_ns: core.as_secs_f64() * 1e9 / all,
        },
    )
}
