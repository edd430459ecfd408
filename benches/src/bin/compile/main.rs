//! What declarations cost the compiler: generated crates with 10, 100 and 300 tools over nested types and 30 agents, by
//! the macros, written by hand, with schemas by schemars at run time, and without any of it.
//!
//! `cargo run --release -p agno-benches --bin compile [-- --quick]`
//!
//! CPU seconds (user and system) of one call of `rustc`, the best of three, without incremental compilation; dependencies
//! are compiled before. `--quick` takes 10 tools and one round: it shows that everything still compiles without a
//! warning and that the forms say the same.
#![allow(clippy::print_stdout, reason = "it prints a table")]

mod compiler;
mod generate;
mod report;
mod workspace;

use std::process::ExitCode;

use generate::Form;
use report::{Measured, report};
use workspace::{Job, Result, Workspace};

fn main() -> ExitCode {
    if let Some(code) = compiler::called() {
        return code;
    }
    let quick = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--quick") => true,
        Some(other) => {
            eprintln!("`{other}` is no option; there is `--quick`");
            return ExitCode::FAILURE;
        }
    };
    let measured = if quick {
        measure(&[10], 1)
    } else {
        measure(&[10, 100, 300], 3)
    };
    match measured {
        Ok(measured) => {
            print!("{}", report(&measured));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Compiles each form with each of these numbers of tools, so many times.
fn measure(numbers: &[usize], rounds: usize) -> Result<Vec<Measured>> {
    let workspace = Workspace::write(numbers)?;
    workspace.compare()?;
    let mut measured = Vec::new();
    for tools in numbers {
        for form in Form::ALL {
            let (bytes, lines) = workspace.expansion(form, *tools)?;
            measured.push(Measured {
                form,
                tools: *tools,
                check: f64::INFINITY,
                build: f64::INFINITY,
                bytes,
                lines,
            });
        }
    }
    // All forms in each round: what disturbs the machine for a while disturbs them all.
    for _ in 0..rounds {
        for one in &mut measured {
            one.check = one.check.min(workspace.compile(Job::Check, one.form, one.tools)?);
            one.build = one.build.min(workspace.compile(Job::Build, one.form, one.tools)?);
        }
    }
    Ok(measured)
}
