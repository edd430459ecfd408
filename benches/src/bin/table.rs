//! The quick table: every case with time, allocations and bytes, and how it compares with the dynamic form.
//!
//! `cargo run --release -p agno-benches --bin table`
#![allow(clippy::print_stdout, reason = "it prints a table")]

use std::time::{Duration, Instant};

use agno_benches::{CASES, Case};

/// Allocations and bytes of doing a case once, exactly.
fn allocations(case: &Case) -> (u64, u64) {
    let of = |times| allocation_counter::measure(|| (case.run)(times));
    of(10); // Whatever is made once is made now.
    let (few, many) = (of(100), of(200));
    (
        (many.count_total - few.count_total) / 100,
        (many.bytes_total - few.bytes_total) / 100,
    )
}

/// Nanoseconds of doing a case once: the best of several rounds, which is what the machine disturbed least.
fn nanoseconds(case: &Case) -> f64 {
    let time = |times: u64| {
        let started = Instant::now();
        (case.run)(times);
        started.elapsed()
    };
    let mut times = 64;
    while time(times) < Duration::from_millis(20) && times < 1 << 40 {
        times *= 2;
    }
    let best = (0..15).map(|_| time(times)).min().unwrap_or_default();
    best.as_secs_f64() * 1e9 / times as f64
}

fn main() {
    println!("case\tform\tns\tallocations\tbytes\tof_dynamic");
    let measured: Vec<(Case, f64, (u64, u64))> = CASES
        .iter()
        .map(|case| (*case, nanoseconds(case), allocations(case)))
        .collect();
    for (case, ns, (count, bytes)) in &measured {
        let dynamic = measured
            .iter()
            .find(|(other, ..)| other.name == case.name && other.form == "dynamic");
        let ratio = dynamic.map_or(String::from("-"), |(_, other, _)| format!("{:.3}", ns / other));
        println!("{}\t{}\t{ns:.1}\t{count}\t{bytes}\t{ratio}", case.name, case.form);
    }
}
