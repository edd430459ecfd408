//! Tests that run in a separate process because they depend on the environment. A contributor may have set an API key or a
//! base URL, and a test of the error for a missing one must not pass without checking that error.

use std::process::Command;

/// Set in the process that runs the body of an isolated test.
const MARK: &str = "AGNO_ISOLATED_TEST";

/// The variables to keep: those a program needs to start, to find certificates and to print a backtrace.
const INHERITED: [&str; 10] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "TEMP",
    "SystemRoot",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "RUST_BACKTRACE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// Runs the body of the test with this path in a process whose environment contains no key, token or URL.
///
/// # Panics
///
/// If the body panics, or no test has this path.
pub fn isolated(test: &str, body: impl FnOnce()) {
    if std::env::var_os(MARK).is_some() {
        body();
        return;
    }
    let inherited = INHERITED
        .iter()
        .filter_map(|name| Some((name, std::env::var_os(name)?)));
    let output = std::env::current_exe().and_then(|program| {
        Command::new(program)
            .args(["--exact", test, "--nocapture"])
            .env_clear()
            .envs(inherited)
            .env(MARK, "1")
            .output()
    });
    let output = match output {
        Ok(output) => output,
        Err(error) => panic!("{test}: {error}"),
    };
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && stdout.contains("test result: ok. 1 passed"),
        "{test} failed in a separate process\n{stdout}\n{stderr}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "failed in a separate process")]
    fn an_unknown_test_name_is_a_failure() {
        isolated("no_such_test", || ());
    }

    #[test]
    #[should_panic(expected = "failed in a separate process")]
    fn a_panic_in_the_body_is_a_failure() {
        isolated("isolated::tests::a_panic_in_the_body_is_a_failure", || {
            panic!("the body")
        });
    }

    #[test]
    fn the_environment_is_not_inherited() {
        isolated("isolated::tests::the_environment_is_not_inherited", || {
            assert!(std::env::var_os("PATH").is_some());
            assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_none());
        });
    }
}
