//! Measures the compile time of generated crates with 30 agents and 10, 100 or 300 tools with parameters of nested types.
//! Each crate exists in four forms: declared with the macros, written by hand, with schemas that schemars generates at run
//! time, and as a baseline that does not use agno.
//!
//! `cargo run --release -p agno-benches --bin compile [-- --quick]`
//!
//! Times are the CPU seconds (user and system) of one `rustc` process, without incremental compilation and with dependencies
//! compiled beforehand. Each time is the minimum of three rounds. `--quick` uses 10 tools and one round, to check that
//! everything compiles without warnings and that the macros declare the same tools as the handwritten code.
#![allow(clippy::print_stdout, reason = "the program prints a table")]

mod compiler;
mod generate;
mod report;
mod workspace;

use std::process::ExitCode;

use generate::Form;
use report::{Measurement, report};
use workspace::{Job, Result, Workspace};

fn main() -> ExitCode {
    if let Some(code) = compiler::run_as_wrapper() {
        return code;
    }
    let quick = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--quick") => true,
        Some(other) => {
            eprintln!("unknown option `{other}`; the only option is `--quick`");
            return ExitCode::FAILURE;
        }
    };
    let measurements = if quick {
        measure(&[10], 1)
    } else {
        measure(&[10, 100, 300], 3)
    };
    match measurements {
        Ok(measurements) => {
            print!("{}", report(&measurements));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Compiles each form with each number of tools once per round, and returns the minimum times.
fn measure(tool_counts: &[usize], rounds: usize) -> Result<Vec<Measurement>> {
    let workspace = Workspace::write(tool_counts)?;
    workspace.compare()?;
    let mut measurements = Vec::new();
    for tools in tool_counts {
        for form in Form::ALL {
            let (bytes, lines) = workspace.expansion(form, *tools)?;
            measurements.push(Measurement {
                form,
                tools: *tools,
                check: f64::INFINITY,
                build: f64::INFINITY,
                bytes,
                lines,
            });
        }
    }
    // Each round compiles all forms, so that other load on the machine affects all of them.
    for _ in 0..rounds {
        for row in &mut measurements {
            row.check = row.check.min(workspace.compile(Job::Check, row.form, row.tools)?);
            row.build = row.build.min(workspace.compile(Job::Build, row.form, row.tools)?);
        }
    }
    Ok(measurements)
}
