//! Committed files of expected output. `make bless` runs the tests that own these files with `TRYBUILD=overwrite`, a
//! variable that trybuild also reads, so that one command rewrites all of them.

use std::path::Path;

use crate::announce;

/// Returns `true` if this run rewrites the expected output.
pub fn is_blessing() -> bool {
    std::env::var_os("TRYBUILD").is_some_and(|mode| mode == "overwrite")
}

/// Writes the content to a file and prints the path. Does nothing if the content is unchanged, or if [`is_blessing`]
/// returns `false`.
///
/// # Panics
///
/// Panics if the file cannot be written.
pub fn bless(path: impl AsRef<Path>, content: &str) {
    let path = path.as_ref();
    if is_blessing() && std::fs::read_to_string(path).ok().as_deref() != Some(content) {
        if let Err(error) = std::fs::write(path, content) {
            panic!("{}: {error}", path.display());
        }
        announce(&format!("rewrote {}\n", path.display()));
    }
}
