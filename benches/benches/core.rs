//! Runs every case with criterion. `cargo bench -p agno-benches -- NAME` runs the cases whose name contains `NAME`.
#![allow(missing_docs, reason = "criterion's macros generate undocumented functions")]

use std::time::Duration;

use agno_benches::SUBJECTS;
use agno_benches::measure::thread_cpu_time;
use criterion::{Criterion, criterion_group, criterion_main};

fn core(criterion: &mut Criterion) {
    for (subject, cases) in SUBJECTS {
        let mut group = criterion.benchmark_group(*subject);
        // One second per case is enough for an overview of many cases. These settings override `--warm-up-time` and
        // `--measurement-time`.
        group
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_secs(1));
        for case in *cases {
            group.bench_function(format!("{}/{}", case.name, case.form), |bencher| {
                let mut work = (case.prepare)();
                bencher.iter_custom(|times| {
                    let started = thread_cpu_time();
                    work.repeat(times);
                    thread_cpu_time().saturating_sub(started) / u32::try_from(case.operations).unwrap_or(1)
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, core);
criterion_main!(benches);
