//! The pinned compiler, which produced the messages in `tests/ui`, and a wrapper that hides the sources of the standard
//! library from a compiler.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the pinned release, which is specified only in `scripts/compiler.txt`.
pub fn pinned_release() -> &'static str {
    include_str!("../../scripts/compiler.txt").trim()
}

/// The compiler that builds the tests.
#[derive(Debug)]
pub struct Compiler {
    /// Path or name of the program.
    pub program: PathBuf,
    /// Release, for instance `1.95.0`.
    pub release: String,
    /// Root directory of the toolchain, which contains the compiler's libraries.
    pub sysroot: PathBuf,
}

impl Compiler {
    /// Returns the compiler that cargo uses for the tests.
    ///
    /// # Panics
    ///
    /// Panics if the compiler cannot be run.
    pub fn current() -> Self {
        let program: PathBuf = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()).into();
        let version = print(&program, &["--version", "--verbose"]);
        let release = version.lines().find_map(|line| line.strip_prefix("release: "));
        Self {
            release: release.unwrap_or_default().to_owned(),
            sysroot: print(&program, &["--print", "sysroot"]).trim().into(),
            program,
        }
    }

    /// Returns `true` if the expected messages are from this release.
    pub fn is_pinned(&self) -> bool {
        self.release == pinned_release()
    }

    /// Returns the path of a program that runs this compiler without the `rust-src` component.
    ///
    /// If `rust-src` is installed, the compiler quotes lines of the standard library in its notes. The program runs the
    /// compiler with a copy of the sysroot that omits the sources, so that messages are the same on every machine. The
    /// program and the copy, which consists of symbolic links, are created in `dir`.
    ///
    /// # Panics
    ///
    /// Panics if a file or a link cannot be created.
    #[cfg(unix)]
    pub fn without_sources(&self, dir: &Path) -> PathBuf {
        use std::fs;
        use std::os::unix::fs::{PermissionsExt, symlink};

        let copy = dir.join("sysroot");
        let write = || {
            if copy.exists() {
                fs::remove_dir_all(&copy)?;
            }
            fs::create_dir_all(copy.join("lib/rustlib"))?;
            for (from, omitted) in [("lib", "rustlib"), ("lib/rustlib", "src")] {
                for entry in fs::read_dir(self.sysroot.join(from))? {
                    let entry = entry?;
                    if entry.file_name() != omitted {
                        symlink(entry.path(), copy.join(from).join(entry.file_name()))?;
                    }
                }
            }
            let program = dir.join("rustc");
            let (compiler, sysroot) = (quoted(&self.program), quoted(&copy));
            let script = format!("#!/bin/sh\nexec {compiler} --sysroot {sysroot} \"$@\"\n");
            fs::write(&program, script)?;
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
            Ok::<_, std::io::Error>(program)
        };
        write().unwrap_or_else(|error| panic!("{}: {error}", dir.display()))
    }

    /// Returns the path of this compiler, because symbolic links require a privilege on Windows. Messages match only if
    /// `rust-src` is not installed.
    #[cfg(not(unix))]
    pub fn without_sources(&self, _dir: &Path) -> PathBuf {
        self.program.clone()
    }
}

fn print(program: &Path, arguments: &[&str]) -> String {
    match Command::new(program).args(arguments).output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
        Err(error) => panic!("{}: {error}", program.display()),
    }
}

/// Quotes a path for a shell.
#[cfg(unix)]
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}
