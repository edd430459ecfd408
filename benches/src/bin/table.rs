//! Prints a table of all cases, with their times, allocation counts, bytes, and ratios to the dynamic form.
//!
//! - `table` prints all cases; `table only WORD` prints the cases of the subject `WORD` and cases with `WORD` in their names.
//! - `table scaling` prints the throughput by thread count.
//! - `table one CASE FORM N` only executes one case, N times, for use with `valgrind` and `perf`.
//! - `table list` lists all cases and forms, with the number of operations per execution.
#![allow(clippy::print_stdout, reason = "the program prints a table")]

use agno_benches::measure::{Allocated, allocated, clock_read, nanoseconds};
use agno_benches::memory::MEMORY;
use agno_benches::scaling::{SCALING, Throughput, throughput};
use agno_benches::{Case, SUBJECTS, cases};

const ROUNDS: usize = 25;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => table(""),
        ["only", filter] => table(filter),
        ["scaling"] => scaling(),
        ["list"] => cases().for_each(|case| println!("{}\t{}\t{}", case.name, case.form, case.operations)),
        ["one", name, form, times] => {
            let case = cases().find(|case| case.name == name && case.form == form);
            let case = case.ok_or("the case does not exist; run `table list` for the names")?;
            (case.prepare)().repeat(times.parse()?);
        }
        _ => return Err("usage: table [only WORD | scaling | list | one CASE FORM N]".into()),
    }
    Ok(())
}

/// Prints the cases of the subject `filter` and cases with `filter` in their names.
fn table(filter: &str) {
    println!("case\tform\tns\tallocs\tbytes\tof_dynamic");
    println!("clock read\t-\t{:.1}\t0\t0\t-", clock_read(ROUNDS));
    for (subject, cases) in SUBJECTS {
        let matches = |case: &Case| *subject == filter || case.name.contains(filter);
        let selected: Vec<&Case> = cases.iter().filter(|case| matches(case)).collect();
        for forms in selected.chunk_by(|first, other| first.name == other.name) {
            let times = nanoseconds(forms, ROUNDS);
            let dynamic = forms.iter().position(|case| case.form == "dynamic");
            for (case, ns) in forms.iter().zip(&times) {
                let Allocated { count, bytes } = allocated(case);
                let ratio = dynamic.map(|index| ns / times[index]);
                println!(
                    "{}\t{}\t{ns:.1}\t{}\t{}\t{}",
                    case.name,
                    case.form,
                    short(count),
                    short(bytes),
                    format_ratio(ratio)
                );
            }
        }
    }
    let selected = MEMORY.iter().filter(|case| case.name.contains(filter));
    for case in selected {
        let memory = (case.measure)();
        let dynamic = MEMORY
            .iter()
            .find(|other| other.name == case.name && other.form == "dynamic");
        let ratio = dynamic.map(|dynamic| memory.bytes as f64 / (dynamic.measure)().bytes as f64);
        let (allocations, bytes) = (memory.allocations, memory.bytes);
        println!(
            "{}\t{}\t-\t{allocations}\t{bytes}\t{}",
            case.name,
            case.form,
            format_ratio(ratio)
        );
    }
}

/// Formats a number with at most two decimals and no trailing zeros.
fn short(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    rounded.to_string()
}

fn format_ratio(ratio: Option<f64>) -> String {
    ratio.map_or(String::from("-"), |ratio| format!("{ratio:.3}"))
}

/// Prints the throughput for each number of threads, its share of ideal scaling, and the CPU time per execution.
fn scaling() {
    let max_threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("case\tform\tthreads\tper_second\tscaling\tcore_ns");
    for case in SCALING {
        // Each thread works for about a tenth of a second per round.
        let rate = throughput(case, 1, 1000, 3)[0].per_second;
        let rows = throughput(case, max_threads, (rate / 10.0) as u64 + 1, 9);
        for (index, Throughput { per_second, core_ns }) in rows.iter().enumerate() {
            let threads = index + 1;
            let of_ideal = per_second / (threads as f64 * rows[0].per_second);
            println!(
                "{}\t{}\t{threads}\t{per_second:.0}\t{of_ideal:.3}\t{core_ns:.1}",
                case.name, case.form
            );
        }
    }
}
