//! Committed expectations. `make bless` runs the tests that own such files with `TRYBUILD=overwrite`, the variable of
//! trybuild, so that one command rewrites all of them.

use std::path::Path;

use crate::announce;

/// Returns `true` if tests rewrite their expectations in this run.
pub fn is_blessing() -> bool {
    std::env::var_os("TRYBUILD").is_some_and(|mode| mode == "overwrite")
}

/// Rewrites a file in a run that blesses, and reports the path if the content changed. Does nothing in other runs.
///
/// # Panics
///
/// If the file cannot be written.
pub fn bless(path: impl AsRef<Path>, content: &str) {
    let path = path.as_ref();
    if is_blessing() && std::fs::read_to_string(path).ok().as_deref() != Some(content) {
        if let Err(error) = std::fs::write(path, content) {
            panic!("{}: {error}", path.display());
        }
        announce(&format!("rewrote {}\n", path.display()));
    }
}
