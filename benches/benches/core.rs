//! Every case through criterion: `cargo bench -p agno-benches`; `-- NAME` runs those with `NAME` in their name.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]

use std::time::Duration;

use agno_benches::SUBJECTS;
use agno_benches::measure::on_core;
use criterion::{Criterion, criterion_group, criterion_main};

fn core(criterion: &mut Criterion) {
    for (subject, cases) in SUBJECTS {
        let mut group = criterion.benchmark_group(*subject);
        // There are many cases: a second each is enough for a glance, and `--measurement-time` gives them more.
        group
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_secs(1));
        for case in *cases {
            group.bench_function(format!("{}/{}", case.name, case.form), |bencher| {
                let mut work = (case.prepare)();
                bencher.iter_custom(|times| {
                    let started = on_core();
                    work.repeat(times);
                    on_core().saturating_sub(started) / u32::try_from(case.each).unwrap_or(1)
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, core);
criterion_main!(benches);
