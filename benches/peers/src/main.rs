//! Measures the same work in agno and in other agent frameworks. All run in one process to make the comparison fair.
//!
//! `cargo run --release --ignore-rust-version --manifest-path benches/peers/Cargo.toml` prints the table. `-- --short`
//! measures less precisely; `-- --case run --peer rig` prints only the cases whose names contain `run`, and only the
//! frameworks whose names contain `rig`. agno is always measured, because the ratios are relative to it.
#![allow(clippy::print_stdout, reason = "the program prints a table")]

mod case;
#[path = "../../src/counter.rs"]
mod counter;
mod frameworks;
mod measure;

use case::{Case, Outcome};
use measure::Effort;

/// Names of the cases, in the order of the table.
const CASES: [&str; 8] = [
    "create",
    "create with 10 tools",
    "run",
    "create and run",
    "tool run",
    "create and tool run",
    "definition",
    "append",
];

/// The frameworks, with agno first because the ratios are relative to it.
const PEERS: [(&str, &[Case]); 7] = [
    ("agno", frameworks::agno::CASES),
    ("agno, dynamic", frameworks::agno_dynamic::CASES),
    ("autoagents", frameworks::autoagents::CASES),
    ("rig", frameworks::rig::CASES),
    ("rig, own handler", frameworks::rig_handler::CASES),
    ("adk-rust", frameworks::adk::CASES),
    ("aisdk", frameworks::aisdk::CASES),
];

/// Command-line options.
#[derive(Debug, Default)]
struct Options {
    case: String,
    peer: String,
    short: bool,
}

impl Options {
    fn read() -> Outcome<Self> {
        let mut options = Self::default();
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--short" => options.short = true,
                "--case" => options.case = arguments.next().ok_or("`--case` requires a value")?,
                "--peer" => options.peer = arguments.next().ok_or("`--peer` requires a value")?,
                other => {
                    return Err(format!(
                        "unknown option `{other}`; use `--short`, `--case NAME` or `--peer NAME`"
                    )
                    .into());
                }
            }
        }
        Ok(options)
    }
}

fn main() -> Outcome<()> {
    let options = Options::read()?;
    let effort = if options.short {
        Effort::SHORT
    } else {
        Effort::FULL
    };
    println!("case\tpeer\tns\tallocs\tbytes\tratio_to_agno");
    for name in CASES.into_iter().filter(|name| name.contains(&options.case)) {
        let cases: Vec<(&str, Case)> = PEERS
            .into_iter()
            .filter(|(peer, _)| *peer == "agno" || peer.contains(&options.peer))
            .filter_map(|(peer, cases)| Some((peer, *cases.iter().find(|case| case.name == name)?)))
            .collect();
        let rows = measure::all(&cases, effort)?;
        let agno = rows.first().map_or(f64::NAN, |row| row.ns);
        for ((peer, _), row) in cases.iter().zip(&rows) {
            let (allocations, bytes) = (row.allocations, row.bytes);
            println!(
                "{name}\t{peer}\t{:.1}\t{allocations}\t{bytes}\t{:.1}",
                row.ns,
                row.ns / agno
            );
        }
    }
    Ok(())
}
