//! The quick table: every case with time, allocations and bytes, and how it compares with the dynamic form.
//!
//! - `table` prints all cases; `table only WORD` those of the subject `WORD` or with `WORD` in their name.
//! - `table scaling` prints how the work goes faster with more threads.
//! - `table one CASE FORM N` does one case N times and nothing else, for `valgrind` and `perf`.
//! - `table list` names all cases and forms, with how many of what is named are done at once.
#![allow(clippy::print_stdout, reason = "it prints a table")]

use agno_benches::held::HELD;
use agno_benches::measure::{Allocated, allocated, clock_read, nanoseconds};
use agno_benches::scaling::{Reached, SCALING, throughput};
use agno_benches::{Case, SUBJECTS, cases};

const ROUNDS: usize = 25;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => table(""),
        ["only", word] => table(word),
        ["scaling"] => scaling(),
        ["list"] => cases().for_each(|case| println!("{}\t{}\t{}", case.name, case.form, case.each)),
        ["one", name, form, times] => {
            let case = cases().find(|case| case.name == name && case.form == form);
            let case = case.ok_or("there is no such case; `table list` names them")?;
            (case.prepare)().repeat(times.parse()?);
        }
        _ => return Err("table [only WORD | scaling | list | one CASE FORM N]".into()),
    }
    Ok(())
}

/// The cases of a subject or with a word in their name.
fn table(word: &str) {
    println!("case\tform\tns\tallocs\tbytes\tof_dynamic");
    println!("clock read\t-\t{:.1}\t0\t0\t-", clock_read(ROUNDS));
    for (subject, cases) in SUBJECTS {
        let wanted = |case: &Case| *subject == word || case.name.contains(word);
        let wanted: Vec<&Case> = cases.iter().filter(|case| wanted(case)).collect();
        for forms in wanted.chunk_by(|one, other| one.name == other.name) {
            let times = nanoseconds(forms, ROUNDS);
            let dynamic = forms.iter().position(|case| case.form == "dynamic");
            for (case, ns) in forms.iter().zip(&times) {
                let Allocated { count, bytes } = allocated(case);
                let ratio = dynamic.map(|at| ns / times[at]);
                println!(
                    "{}\t{}\t{ns:.1}\t{}\t{}\t{}",
                    case.name,
                    case.form,
                    short(count),
                    short(bytes),
                    share(ratio)
                );
            }
        }
    }
    let wanted = HELD.iter().filter(|held| held.name.contains(word));
    for held in wanted {
        let memory = (held.measure)();
        let dynamic = HELD
            .iter()
            .find(|other| other.name == held.name && other.form == "dynamic");
        let ratio = dynamic.map(|dynamic| memory.bytes as f64 / (dynamic.measure)().bytes as f64);
        let (allocations, bytes) = (memory.allocations, memory.bytes);
        println!(
            "{}\t{}\t-\t{allocations}\t{bytes}\t{}",
            held.name,
            held.form,
            share(ratio)
        );
    }
}

/// A count without the decimals it does not have.
fn short(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    rounded.to_string()
}

fn share(ratio: Option<f64>) -> String {
    ratio.map_or(String::from("-"), |ratio| format!("{ratio:.3}"))
}

/// Throughput on each number of threads, how much of the ideal that is, and what doing it once costs a core.
fn scaling() {
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    println!("case\tform\tthreads\tper_second\tscaling\tcore_ns");
    for case in SCALING {
        // A round of a tenth of a second.
        let rate = throughput(case, 1, 1000, 3)[0].per_second;
        let reached = throughput(case, most, (rate / 10.0) as u64 + 1, 9);
        for (before, Reached { per_second, core_ns }) in reached.iter().enumerate() {
            let threads = before + 1;
            let of_ideal = per_second / (threads as f64 * reached[0].per_second);
            println!(
                "{}\t{}\t{threads}\t{per_second:.0}\t{of_ideal:.3}\t{core_ns:.1}",
                case.name, case.form
            );
        }
    }
}
