//! Every case through criterion: `cargo bench -p agno-benches`.
#![allow(missing_docs, reason = "criterion's macros write undocumented functions")]

use std::time::Instant;

use agno_benches::CASES;
use criterion::{Criterion, criterion_group, criterion_main};

fn core(criterion: &mut Criterion) {
    for case in CASES {
        criterion.bench_function(&format!("{}/{}", case.name, case.form), |bencher| {
            bencher.iter_custom(|times| {
                let started = Instant::now();
                (case.run)(times);
                started.elapsed()
            });
        });
    }
}

criterion_group!(benches, core);
criterion_main!(benches);
