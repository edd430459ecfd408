//! This program in its second role: cargo calls it in place of the compiler (`RUSTC_WORKSPACE_WRAPPER`), and it calls the
//! compiler and writes down the CPU time that took. So the time is that of one crate, without cargo's own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The variable with the folder where reports are written. It being set is what makes this program a compiler.
pub(crate) const REPORTS: &str = "AGNO_COMPILE_REPORTS";

/// The variable that, unless empty, asks for the expansion too.
pub(crate) const EXPAND: &str = "AGNO_COMPILE_EXPAND";

/// The ending of a report with CPU seconds.
pub(crate) const SECONDS: &str = "seconds";

/// The ending of an expanded crate.
pub(crate) const EXPANSION: &str = "expanded";

/// Does the compiler's work if cargo called.
pub(crate) fn called() -> Option<ExitCode> {
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
    let of = arguments
        .iter()
        .position(|argument| argument == "--crate-name")
        .and_then(|at| arguments.get(at + 1));
    // Without a crate, cargo only asked for the version and the target.
    let (true, Some(of)) = (status.success(), of) else {
        return Ok(status.success());
    };
    // Children that have ended: there was one.
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let report = reports.join(of);
    std::fs::write(
        report.with_extension(SECONDS),
        format!("{}", microseconds as f64 / 1e6),
    )?;
    if std::env::var_os(EXPAND).is_some_and(|expand| !expand.is_empty()) {
        // Only a nightly compiler prints expansions; this variable makes a stable one do it, for this call alone.
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
