//! The same work in agno and in other frameworks of its kind, in one process, so that ratios are fair.
//!
//! `cargo run --release --ignore-rust-version --manifest-path benches/peers/Cargo.toml` prints the table; `-- --short` a
//! quick one; `-- --case run --peer rig` only rows whose names contain these words (agno is always measured, as the others
//! are divided by it).
#![allow(clippy::print_stdout, reason = "it prints a table")]

mod case;
#[path = "../../src/counter.rs"]
mod counter;
mod frameworks;
mod measure;

use case::{Case, Outcome};
use measure::Effort;

/// What is measured, in the order of the table.
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

/// By which framework, agno first: the others are divided by it.
const PEERS: [(&str, &[Case]); 7] = [
    ("agno", frameworks::agno::CASES),
    ("agno, dynamic", frameworks::agno_dynamic::CASES),
    ("autoagents", frameworks::autoagents::CASES),
    ("rig", frameworks::rig::CASES),
    ("rig, own handler", frameworks::rig_handler::CASES),
    ("adk-rust", frameworks::adk::CASES),
    ("aisdk", frameworks::aisdk::CASES),
];

/// What was asked for on the command line.
#[derive(Debug, Default)]
struct Wanted {
    case: String,
    peer: String,
    short: bool,
}

impl Wanted {
    fn read() -> Outcome<Self> {
        let mut wanted = Self::default();
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--short" => wanted.short = true,
                "--case" => wanted.case = words.next().ok_or("--case needs a word")?,
                "--peer" => wanted.peer = words.next().ok_or("--peer needs a word")?,
                other => {
                    return Err(
                        format!("unknown: {other} (known: --short, --case WORD, --peer WORD)").into(),
                    );
                }
            }
        }
        Ok(wanted)
    }
}

fn main() -> Outcome<()> {
    let wanted = Wanted::read()?;
    let effort = if wanted.short { Effort::SHORT } else { Effort::FULL };
    println!("case\tpeer\tns\tallocs\tbytes\tratio_to_agno");
    for name in CASES.into_iter().filter(|name| name.contains(&wanted.case)) {
        let cases: Vec<(&str, Case)> = PEERS
            .into_iter()
            .filter(|(peer, _)| *peer == "agno" || peer.contains(&wanted.peer))
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
