//! Runs this program as a compiler wrapper. Cargo calls the wrapper in place of the compiler
//! (`RUSTC_WORKSPACE_WRAPPER`). The wrapper then calls the compiler and records its CPU time, so each measurement
//! covers exactly one crate and excludes cargo.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// Environment variable that contains the directory for reports. If it is set, this program runs as a compiler wrapper.
pub(crate) const REPORTS: &str = "AGNO_COMPILE_REPORTS";

/// Environment variable that also requests the expanded code, unless it is empty.
pub(crate) const EXPAND: &str = "AGNO_COMPILE_EXPAND";

/// File extension of a report with CPU seconds.
pub(crate) const SECONDS: &str = "seconds";

/// File extension of an expanded crate.
pub(crate) const EXPANSION: &str = "expanded";

/// Runs the compiler if cargo called this program as a wrapper.
pub(crate) fn run_as_wrapper() -> Option<ExitCode> {
    let reports = PathBuf::from(std::env::var_os(REPORTS)?);
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (compiler, arguments) = arguments.split_first()?;
    Some(match compile(compiler, arguments, &reports) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{}: {error}", compiler.display());
            ExitCode::FAILURE
        }
    })
}

fn compile(compiler: &OsString, arguments: &[OsString], reports: &Path) -> std::io::Result<bool> {
    let status = Command::new(compiler).args(arguments).status()?;
    let crate_name = arguments
        .iter()
        .position(|argument| argument == "--crate-name")
        .and_then(|index| arguments.get(index + 1));
    // Without a crate name, cargo only queries the version and the target.
    let (true, Some(crate_name)) = (status.success(), crate_name) else {
        return Ok(status.success());
    };
    // The usage covers all child processes that have exited, and the compiler is the only one.
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let report = reports.join(crate_name);
    std::fs::write(
        report.with_extension(SECONDS),
        format!("{}", microseconds as f64 / 1e6),
    )?;
    if std::env::var_os(EXPAND).is_some_and(|expand| !expand.is_empty()) {
        // Printing expansions requires a nightly compiler. `RUSTC_BOOTSTRAP` also enables it in a stable compiler.
        let expanded = Command::new(compiler)
            .args(arguments)
            .arg("-Zunpretty=expanded")
            .env("RUSTC_BOOTSTRAP", "1")
            .output()?;
        std::fs::write(report.with_extension(EXPANSION), expanded.stdout)?;
        return Ok(expanded.status.success());
    }
    Ok(true)
}
