//! Isolation of tests that depend on environment variables. Such a test runs in a separate process, because a contributor
//! may have set an API key or a base URL.

use std::process::Command;

/// Environment variable that is set in the process that runs the body of an isolated test.
const MARK: &str = "AGNO_ISOLATED_TEST";

/// Environment variables that a program may need to start, to find certificates or to print a backtrace.
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

/// Runs the body of a test in a separate process whose environment contains no API key, token or URL. `test` is the full
/// path of the calling test, such as `module::name`.
///
/// # Panics
///
/// Panics if the body panics, or if no test has this path.
pub fn isolated(test: &str, body: impl FnOnce()) {
    isolated_with(test, &[], body);
}

/// Runs the body of a test like [`isolated`], in an environment with these additional variables.
///
/// # Panics
///
/// Panics if the body panics, or if no test has this path.
pub fn isolated_with(test: &str, variables: &[(&str, &str)], body: impl FnOnce()) {
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
            .envs(variables.iter().copied())
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
    fn an_unknown_test_name_fails() {
        isolated("no_such_test", || ());
    }

    #[test]
    #[should_panic(expected = "failed in a separate process")]
    fn a_panic_in_the_body_fails_the_test() {
        isolated("isolated::tests::a_panic_in_the_body_fails_the_test", || {
            panic!("the body")
        });
    }

    #[test]
    fn only_listed_variables_are_inherited() {
        isolated("isolated::tests::only_listed_variables_are_inherited", || {
            assert!(std::env::var_os("PATH").is_some());
            assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_none());
        });
    }
}
